import type { Check } from "../check";

/** RFC 9110 §9.3, RFC 5789, and WebDAV's (RFC 4918), which some services still serve. */
const methods = new Set(
  "GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK REPORT SEARCH QUERY".split(
    " ",
  ),
);

export const unknownMethod: Check = {
  code: "MESH1026",
  name: "unknown-method",
  area: "routes",
  level: "warning",
  title: "A method that HTTP does not have",
  why: "Methods are compared letter by letter: `get` or `UPDATE` never matches. In a rule it sends the request elsewhere; in an ALLOW policy it refuses everybody; in a DENY policy it lets everybody through.",
  remedy: "Write the method as HTTP does, in capitals.",
  relatives: { kiali: ["KIA0102"] },
  *run({ authorization, lookup }) {
    for (const { rule } of lookup.particular())
      for (const match of rule.matches)
        for (const method of match.methods)
          if (!methods.has(method)) yield { path: match.path, message: `${method} is no HTTP method` };
    for (const policy of authorization)
      for (const rule of policy.rules)
        for (const operation of rule.to)
          for (const method of [...operation.methods, ...operation.not.methods])
            if (method !== "*" && !methods.has(method))
              yield { path: operation.path, message: `${method} is no HTTP method` };
  },
  example: {
    wrong: `
services: [{ name: web, ports: [{ port: 80 }] }]
policies:
  authorization: [{ name: web, target: { service: web }, action: DENY, rules: [{ to: [{ methods: [delete] }] }] }]
`,
    right: `
services: [{ name: web, ports: [{ port: 80 }] }]
policies:
  authorization: [{ name: web, target: { service: web }, action: DENY, rules: [{ to: [{ methods: [DELETE] }] }] }]
`,
  },
};
