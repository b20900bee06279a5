import type { Check } from "../check";

export const unpinnedImage: Check = {
  code: "MESH1107",
  name: "unpinned-image",
  area: "workloads",
  level: "info",
  title: "An image that may change by itself",
  why: "Without a tag, or with latest, two replicas of one version may run different programs, and a rollback brings nothing back.",
  remedy: "Name a version, or better a digest.",
  relatives: { other: ["kube-linter: latest-tag"] },
  *run({ workloads }) {
    for (const { container, name } of workloads) {
      if (!container || typeof container.image !== "string" || container.image.includes("@")) continue;
      const tag = /:([^/:]+)$/.exec(container.image)?.[1];
      if (tag === undefined || tag === "latest")
        yield {
          path: `${container.path}.image`,
          message: `${name} runs ${container.image}, whatever that is when a pod starts`,
        };
    }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1, workload: { container: { image: registry.example:5000/cart } } }] }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }], versions: [{ name: v1, workload: { container: { image: registry.example:5000/cart:1.0 } } }] }]
`,
  },
};
