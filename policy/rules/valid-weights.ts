import { isLater } from "../../src/facts";
import { checksNamed } from "../checks";
import { type PolicyRule } from "../rule";

export const validWeights: PolicyRule = {
  code: "MESH6020",
  name: "valid-weights",
  title: "Shares of traffic add up",
  why: "Weights of nothing, or the same destination twice, send traffic elsewhere than the numbers say; weight 0 alone sends it nowhere.",
  wanted: "one entry a destination, and a sum above 0",
  remedy: "Write each destination once, with weights that sum to 100; remove a rule that sends nothing anywhere.",
  scope: "resource",
  levels: { baseline: "mandatory", strict: "mandatory" },
  relatives: { kiali: ["KIA1104", "KIA1105"] },
  checks: checksNamed("duplicate-backend"),
  *run({ raw }) {
    for (const { path, destinations } of raw.splits) {
      if (destinations.length === 0) continue;
      const weights = destinations.map(({ weight }) => weight ?? (destinations.length === 1 ? 1 : 0));
      const sum = weights.reduce((a, b) => a + b, 0);
      if (sum === 0)
        yield { path, message: "No request that this rule takes gets anywhere: its weights sum to 0", found: "0" };
      if (weights.some((weight) => weight < 0 || !Number.isInteger(weight)))
        yield { path, message: "A weight is no whole number from 0", found: weights.join(", ") };
      const seen = new Set<string>();
      for (const { host, subset = "", port = 0, path: at } of destinations) {
        const key = `${host} ${subset} ${port}`;
        if (seen.has(key) && !isLater(host))
          yield {
            path: at,
            message: `${host}${subset && ` (${subset})`} is a destination of this rule already`,
            found: host,
          };
        seen.add(key);
      }
    }
  },
  example: {
    wrong: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: cart }, weight: 0 }] }] }
`,
    right: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: cart }, weight: 100 }] }] }
`,
    unknown: [0, "spec.http.0.route.0.weight"],
  },
};
