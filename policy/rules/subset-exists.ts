import { isLater, serviceOf } from "../../src/facts";
import { documents, SERVICE } from "../examples";
import { type PolicyRule } from "../rule";

const destinationRule = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, subsets: [{ name: v1, labels: { version: v1 } }] }
`;

export const subsetExists: PolicyRule = {
  code: "MESH6019",
  name: "subset-exists",
  title: "A version that a route names is there",
  why: "A subset that no DestinationRule has, or whose labels no pod carries, answers 503 to the share of requests that goes there.",
  wanted: "a subset with labels that pods carry",
  remedy: "Add the subset before the route names it, and give its pods the labels.",
  scope: "stack",
  levels: { baseline: "mandatory", strict: "mandatory" },
  relatives: { istio: ["IST0101", "IST0173"], kiali: ["KIA0203", "KIA0209", "KIA1107"] },
  *run({ raw, facts: { lookup }, resources, pods }) {
    const subsets = new Set(raw.subsets.map((subset) => `${subset.host} ${subset.name ?? ""}`));
    const open = new Set(raw.subsets.flatMap(({ host, name }) => (isLater(name ?? "") ? [host] : [])));
    const rules = new Set(raw.subsets.map(({ host }) => host));
    for (const { path, host, subset } of raw.splits.flatMap((split) => split.destinations)) {
      if (subset === undefined || isLater(subset) || isLater(host) || open.has(host)) continue;
      const ours = rules.has(host) || resources.ownsNamespace(serviceOf(host)?.namespace ?? "");
      if (ours && !subsets.has(`${host} ${subset}`) && !resources.laterOf("networking.istio.io/DestinationRule"))
        yield { path, message: `No DestinationRule has a subset ${subset} of ${host}`, found: subset };
    }
    for (const { path, host, name, labels } of raw.subsets) {
      const ref = serviceOf(host);
      const service = ref && lookup.service(ref);
      if (name === undefined || !service || service.versions.length === 0) continue;
      if (Object.keys(labels).length === 0) continue;
      if (pods.selected(service.namespace, { ...labels, ...service.labels }).length === 0)
        yield { path, message: `No pod of ${host} has the labels of subset ${name}`, found: JSON.stringify(labels) };
    }
  },
  example: {
    wrong: documents(
      SERVICE,
      `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: cart, subset: v2 } }] }] }
`,
      destinationRule,
    ),
    right: documents(
      SERVICE,
      `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: cart, subset: v1 } }] }] }
`,
      destinationRule,
    ),
    unknown: [2, "spec.subsets.0.name"],
  },
};
