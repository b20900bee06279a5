import { overBudgets } from "../budget";
import { checksNamed } from "../checks";
import { LINKERD_SERVER } from "../examples";
import { type PolicyRule } from "../rule";

export const endOfLifeAndBudget: PolicyRule = {
  code: "MESH6039",
  name: "end-of-life-and-budget",
  title: "The backend is alive, and the mesh within its budget",
  why: "A backend that its vendor closed takes no change any more; a mesh over its budget is found on the bill.",
  wanted: "a backend that is sold, and a monthly estimate within maxMonthly",
  remedy:
    "Move (`meshup capabilities FILE --from appmesh --to vpc-lattice` lists what changes); raise the budget or save (`meshup cost compare FILE`).",
  scope: "stack",
  levels: { baseline: "disabled", strict: "mandatory" },
  off: "Who is on App Mesh cannot leave in one update, and refusing every change would stop the move too; a limit in money is a number that only you have.",
  relatives: {},
  checks: checksNamed("backend-at-end-of-life"),
  settings: {
    maxMonthly: { type: "number", description: "USD a month for the whole stack; absent: no limit" },
    maxMonthlyPerService: { type: "number", description: "USD a month for any one service; absent: no limit" },
    lastMonthly: {
      type: "number",
      description: "USD a month of what is deployed now, as `meshup cost stack` tells it",
    },
    usage: {
      type: "string",
      description: "Traffic that the estimate takes: a preset of `meshup cost`; absent: what follows from it is open",
      enum: ["small", "medium", "large"],
    },
    replicas: {
      type: "number",
      description: "Pods behind each service whose pods are no resources of the stack; absent: their proxies are open",
    },
    region: { type: "string", description: "Region of the prices; absent: us-east-1, for Google's us-central1" },
    maxIncreasePercent: {
      type: "number",
      description: "Growth over lastMonthly that needs no one's leave",
      default: 20,
    },
  },
  run: overBudgets,
  example: {
    wrong: `
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: { name: cart, namespace: shop }
spec: { listeners: [{ portMapping: { port: 8080, protocol: http }, tls: { mode: STRICT } }] }
`,
    right: LINKERD_SERVER,
    unknown: [0, "apiVersion"],
  },
};
