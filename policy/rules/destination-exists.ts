import { isLater, serviceOf } from "../../src/facts";
import { documents, SERVICE, VIRTUAL_SERVICE } from "../examples";
import { type PolicyRule } from "../rule";

export const destinationExists: PolicyRule = {
  code: "MESH6018",
  name: "destination-exists",
  title: "Where a route sends to exists",
  why: "Requests for a destination that nobody knows get 503 (Istio), a black hole or nothing at all.",
  wanted: "a Service, ServiceEntry or target that exists",
  remedy: "Correct the name, and write the namespace where it is another one.",
  scope: "stack",
  levels: { baseline: "mandatory", strict: "mandatory" },
  relatives: { istio: ["IST0101"], kiali: ["KIA0202", "KIA1101", "KIA1402"] },
  *run({ raw, facts, resources }) {
    const outside = new Set(facts.externals.flatMap((external) => external.hosts));
    const later = resources.laterOf("core/Service") || resources.laterOf("networking.istio.io/ServiceEntry");
    const known = (host: string): boolean => {
      const ref = serviceOf(host);
      if (outside.has(host) || [...outside].some((o) => o.startsWith("*.") && host.endsWith(o.slice(1)))) return true;
      // Another stack's namespace is not to be seen from here; nor is a host outside that egress may allow.
      if (!ref || isLater(ref.name) || isLater(host) || !resources.ownsNamespace(ref.namespace)) return true;
      return later || resources.get("core/Service", ref.namespace, ref.name) !== undefined;
    };
    for (const { path, host, kind } of raw.splits.flatMap((split) => split.destinations))
      if (kind === "missing" || (kind === "mesh" && !known(host)))
        yield { path, message: `Nothing is called ${host}`, found: host };
    for (const { path, host, name } of raw.subsets)
      if (name === undefined && !host.includes("*") && !known(host))
        yield { path, message: `This is for ${host}, which is not there`, found: host };
  },
  example: {
    wrong: documents(
      SERVICE,
      `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: crat } }] }] }
`,
    ),
    right: documents(SERVICE, VIRTUAL_SERVICE),
    unknown: [1, "spec.http.0.route.0.destination.host"],
  },
};
