import type { Check } from "../check";

export const slowStartWithoutEffect: Check = {
  code: "MESH1039",
  name: "slow-start-without-effect",
  area: "traffic",
  level: "warning",
  title: "Slow start under a policy that has none",
  why: "Only round robin and least request give a new endpoint less at first. Under the others the setting is ignored, and a cold pod gets its full share at once.",
  remedy: "Use ROUND_ROBIN or LEAST_REQUEST, or remove slowStart.",
  relatives: { other: ["Istio: destination_rule.proto, warmup"] },
  *run({ services }) {
    for (const { traffic } of services) {
      const { policy, slowStartMs } = traffic.loadBalancing;
      if ((slowStartMs ?? 0) > 0 && policy !== "ROUND_ROBIN" && policy !== "LEAST_REQUEST")
        yield { path: `${traffic.path}.loadBalancing.slowStart`, message: `${policy} has no slow start` };
    }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }], traffic: { loadBalancing: { policy: RANDOM, slowStart: 30s } } }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }], traffic: { loadBalancing: { policy: ROUND_ROBIN, slowStart: 30s } } }]
`,
  },
};
