import { checksNamed } from "../checks";
import { numberSetting, type PolicyRule } from "../rule";

export const limitsAndReplicas: PolicyRule = {
  code: "MESH6036",
  name: "limits-and-replicas",
  title: "Resources are limited, and one instance may go",
  why: "A container without limits takes its neighbours' memory, proxy included; a service with one replica is away at every rollout and node drain.",
  wanted: "requests, a memory limit, and at least minReplicas",
  remedy: "Set resources, and replicas to two or more.",
  scope: "resource",
  levels: { baseline: "disabled", strict: "advisory" },
  off: "It is about the workload more than about the mesh, and most clusters hold it with a LimitRange, a quota or another scanner already.",
  relatives: {
    other: [
      "kube-linter unset-cpu-requirements",
      "kube-linter unset-memory-requirements",
      "kube-linter minimum-three-replicas",
    ],
  },
  checks: checksNamed("unset-resources"),
  settings: { minReplicas: { type: "number", description: "Fewest replicas of what serves", default: 2 } },
  *run({ facts }, settings) {
    const fewest = numberSetting(settings, "minReplicas", 2);
    for (const { path, name, replicas } of facts.workloads)
      if (replicas > 0 && replicas < fewest)
        yield {
          path: path.replace(/\.template\.spec$/, ".replicas"),
          message: `${name} runs ${replicas === 1 ? "once" : `${replicas} times`}`,
          found: String(replicas),
          wanted: `at least ${fewest}`,
        };
  },
  example: {
    wrong: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  replicas: 1
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec: { serviceAccountName: cart, containers: [{ name: app, image: "cart:1", resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 64Mi } } }] }
`,
    right: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec: { serviceAccountName: cart, containers: [{ name: app, image: "cart:1", resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 64Mi } } }] }
`,
    unknown: [0, "spec.replicas"],
  },
};
