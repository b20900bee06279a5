import { checksNamed } from "../checks";
import { type PolicyRule } from "../rule";

export const noWildcardHosts: PolicyRule = {
  code: "MESH6017",
  name: "no-wildcard-hosts",
  title: "Routes name their hosts",
  why: "A route for every host answers names that nobody gave it: another team's, or an attacker's that points here.",
  wanted: "names, or a wildcard below a domain of yours",
  remedy: "Name the hosts.",
  scope: "stack",
  levels: { baseline: "advisory", strict: "mandatory" },
  relatives: { kyverno: ["restrict-virtual-service-wildcard"], other: ["gatekeeper-library block-wildcard-ingress"] },
  checks: checksNamed("wildcard-host"),
  *run({ raw }) {
    const told = new Set<string>();
    for (const { path, wildcard, owner, scope } of raw.claims)
      if (wildcard && !told.has(path)) {
        told.add(path);
        yield { path, message: `${owner} answers to every host on ${scope}`, found: "*" };
      }
  },
  example: {
    wrong: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: ["*"], gateways: [edge/public], http: [{ route: [{ destination: { host: cart } }] }] }
`,
    right: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [shop.example], gateways: [edge/public], http: [{ route: [{ destination: { host: cart } }] }] }
`,
    unknown: [0, "spec.hosts.0"],
  },
};
