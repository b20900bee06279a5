import type { Check } from "../check";
import type { HeaderChange } from "../../model/model";

/** Headers that describe the connection or the message's framing, not the message: RFC 9110 §7.6.1, RFC 9112 §6. */
const framing = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "content-length",
  "te",
  "trailer",
  "upgrade",
]);
const touched = (change: HeaderChange): string[] =>
  [...Object.keys(change.set), ...Object.keys(change.add), ...change.remove].filter((name) =>
    framing.has(name.toLowerCase()),
  );

export const connectionHeadersChanged: Check = {
  code: "MESH1024",
  name: "connection-headers-changed",
  area: "routes",
  level: "error",
  title: "A header of the connection is changed",
  why: "These headers belong to one connection and to the framing of the message. Proxies ignore such a change, refuse it, or send a message whose end the next hop sees elsewhere (request smuggling).",
  remedy: "Leave the header to the proxies.",
  relatives: {},
  *run({ lookup }) {
    for (const { filters } of lookup.filtered().map(({ rule }) => rule))
      for (const change of [filters.requestHeaders, filters.responseHeaders]) {
        const names = change ? touched(change) : [];
        if (change && names.length > 0)
          yield { path: change.path, message: `${names.join(", ")} is the connection's, and is changed here` };
      }
  },
  example: {
    wrong: `
services: [{ name: web, ports: [{ port: 80 }] }]
routes:
  - { name: web, service: web, http: [{ backends: [{ service: web }], filters: { headers: { request: { remove: [Transfer-Encoding] } } } }] }
`,
    right: `
services: [{ name: web, ports: [{ port: 80 }] }]
routes:
  - { name: web, service: web, http: [{ backends: [{ service: web }], filters: { headers: { request: { remove: [X-Debug] } } } }] }
`,
  },
};
