import type { Check } from "../check";

const prefixLike = /^\^?(\/[A-Za-z0-9_/-]*)(\.\*|\/\.\*)\$?$/;

export const regexThatIsAPrefix: Check = {
  code: "MESH1020",
  name: "regex-that-is-a-prefix",
  area: "routes",
  level: "info",
  title: "A regular expression that says no more than a prefix",
  why: "A prefix is read by every backend, is cheaper, and ends on a segment boundary: `/v1.*` also takes /v10.",
  remedy: "Write path: { prefix: … }.",
  relatives: {},
  *run({ lookup }) {
    for (const { rule } of lookup.particular())
      for (const match of rule.matches) {
        const prefix =
          match.uri?.kind === "regex" && !match.uri.ignoreCase ? prefixLike.exec(match.uri.value)?.[1] : undefined;
        if (prefix && prefix !== "/")
          yield { path: match.path, message: `${match.uri?.value} is nearly the prefix ${prefix}` };
      }
  },
  example: {
    wrong: `
services: [{ name: web, ports: [{ port: 80 }] }]
routes:
  - { name: web, service: web, http: [{ matches: [{ path: { regex: /v1/.* } }], backends: [{ service: web }] }] }
`,
    right: `
services: [{ name: web, ports: [{ port: 80 }] }]
routes:
  - { name: web, service: web, http: [{ matches: [{ path: { regex: "/v1/[0-9]+" } }], backends: [{ service: web }] }] }
`,
  },
};
