import type { Check } from "../check";
import { optsOut } from "../../facts";

export const strictWithClientOutside: Check = {
  code: "MESH1072",
  name: "strict-with-client-outside",
  area: "security",
  level: "error",
  title: "STRICT mTLS, and a client without a sidecar",
  why: "A pod without a sidecar has no certificate. Its calls to a STRICT service are reset, and its error says no more than that.",
  remedy: "Inject the client, or exempt the port that it calls (ports: [{ mtls: PERMISSIVE }]).",
  relatives: { other: ["Istio: STRICT mutual TLS and unmeshed clients (istio#27169)"] },
  *run({ services, lookup }) {
    for (const client of services) {
      const inject = lookup.namespace(client.namespace)?.inject ?? true;
      const workloads = lookup.workloadsOf(client);
      const bare = workloads.find((w) => !w.injected);
      if (inject && !bare) continue;
      const why =
        inject && bare
          ? `${bare.name} opts out by ${optsOut(bare.labels, bare.annotations)}`
          : `namespace ${client.namespace} is not injected`;
      for (const call of client.calls) {
        const callee = call.kind === "service" ? lookup.service(call) : undefined;
        if (callee && callee.ports.every((port) => lookup.modesOf(callee, port).includes("STRICT")))
          yield {
            path: call.path,
            message: `${client.name} has no certificate to show (${why}), and ${callee.name} asks for one`,
          };
      }
    }
  },
  example: {
    wrong: `
mtls: { mode: STRICT }
namespaces: [{ name: legacy, inject: false }]
services:
  - { name: cart, ports: [{ port: 80 }] }
  - { name: batch, namespace: legacy, ports: [{ port: 80 }], calls: [cart] }
`,
    right: `
mtls: { mode: STRICT }
namespaces: [{ name: legacy, inject: true }]
services:
  - { name: cart, ports: [{ port: 80 }] }
  - { name: batch, namespace: legacy, ports: [{ port: 80 }], calls: [cart] }
`,
  },
};
