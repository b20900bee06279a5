import type { Check } from "../check";

export const failoverWithoutOutlierDetection: Check = {
  code: "MESH1030",
  name: "failover-without-outlier-detection",
  area: "traffic",
  level: "error",
  title: "Locality failover without outlier detection",
  why: "Failover starts when a locality's endpoints are unhealthy, and only outlier detection says so: without it traffic stays with the failing zone.",
  remedy: "Give the service traffic.outlierDetection.",
  relatives: { other: ["istiod: validation of localityLbSetting"] },
  *run({ services }) {
    for (const { name, traffic } of services) {
      const { locality } = traffic.loadBalancing;
      if (
        locality &&
        (locality.failover.length > 0 || locality.mode === "prefer") &&
        !traffic.outlierDetection &&
        !traffic.healthCheck
      )
        yield {
          path: `${traffic.path}.loadBalancing.locality`,
          message: `${name} asks for failover between localities, but nothing tells which endpoints are unhealthy`,
        };
    }
  },
  example: {
    wrong: `
services:
  - name: cart
    ports: [{ port: 80 }]
    traffic: { loadBalancing: { locality: { mode: prefer, failover: [{ from: eu-west, to: eu-north }] } } }
`,
    right: `
services:
  - name: cart
    ports: [{ port: 80 }]
    traffic:
      loadBalancing: { locality: { mode: prefer, failover: [{ from: eu-west, to: eu-north }] } }
      outlierDetection: { consecutive5xx: 5 }
`,
  },
};
