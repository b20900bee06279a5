import type { Check } from "../check";
import { covers } from "../../facts";

export const ineffectiveMatch: Check = {
  code: "MESH1002",
  name: "ineffective-match",
  area: "routes",
  level: "info",
  title: "A match that another match of the same rule covers",
  why: "A rule applies where any of its matches does, so the narrower of two adds nothing. Often a condition was meant to be added to the wider one.",
  remedy: "Remove the narrower match, or join the two into one match.",
  relatives: { istio: ["IST0131"] },
  *run({ lookup }) {
    for (const { rule } of lookup.branched())
      for (const [i, match] of rule.matches.entries()) {
        const wide = rule.matches.findIndex(
          (other, j) => j !== i && covers(other, match) && (j < i || !covers(match, other)),
        );
        if (wide >= 0)
          yield {
            path: match.path,
            message: `This match adds nothing: match ${wide + 1} of the rule takes the same requests`,
          };
      }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }] }]
routes:
  - name: cart
    service: cart
    http:
      - matches: [{ path: { prefix: /items } }, { path: { prefix: /items/new } }]
        backends: [{ service: cart }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }] }]
routes:
  - name: cart
    service: cart
    http:
      - matches: [{ path: { prefix: /items } }, { path: { prefix: /orders } }]
        backends: [{ service: cart }]
`,
  },
};
