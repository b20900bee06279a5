import { isLater } from "../../src/facts";
import { type PolicyRule } from "../rule";

export const oneDestinationRule: PolicyRule = {
  code: "MESH6022",
  name: "one-destination-rule",
  title: "One policy for a host and each version",
  why: "Of two policies for one host and subset the second is dropped or merged by age; which of the two limits hold is chance.",
  wanted: "one DestinationRule a host, and each subset once",
  remedy: "Merge them, or keep subsets apart by name.",
  scope: "stack",
  levels: { baseline: "mandatory", strict: "mandatory" },
  relatives: { kiali: ["KIA0201"] },
  *run({ raw }) {
    const owners = new Map<string, string>();
    for (const { path, host, name = "", namespace } of raw.subsets) {
      if (isLater(host) || isLater(name)) continue;
      const key = `${namespace} ${host} ${name}`;
      const first = owners.get(key);
      if (first === undefined) owners.set(key, path);
      else
        yield {
          path,
          message: `${host}${name === "" ? "" : ` subset ${name}`} has a policy already, in ${first.split("#")[0]}`,
          found: host,
        };
    }
  },
  example: {
    wrong: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart.shop.svc.cluster.local, trafficPolicy: { outlierDetection: { consecutive5xxErrors: 5 } } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart-pools, namespace: shop }
spec: { host: cart.shop.svc.cluster.local, trafficPolicy: { connectionPool: { tcp: { maxConnections: 10 } } } }
`,
    right: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart.shop.svc.cluster.local, trafficPolicy: { outlierDetection: { consecutive5xxErrors: 5 }, connectionPool: { tcp: { maxConnections: 10 } } } }
`,
    unknown: [1, "spec.host"],
  },
};
