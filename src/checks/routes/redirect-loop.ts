import type { Check } from "../check";
import type { PathMatch } from "../../model/model";

export const redirectLoop: Check = {
  code: "MESH1017",
  name: "redirect-loop",
  area: "routes",
  level: "error",
  title: "A redirect to itself",
  why: "The browser asks again, is redirected again, and gives up after some twenty rounds.",
  remedy: "Redirect to another scheme, host or path, or match fewer requests.",
  relatives: {},
  *run({ lookup }) {
    for (const { route, rule } of lookup.filtered()) {
      const { filters, matches } = rule;
      const redirect = filters.redirect;
      if (!redirect || redirect.scheme || redirect.port) continue;
      const samePlace =
        redirect.host === undefined || (route.hostnames.length === 1 && route.hostnames[0] === redirect.host);
      if (!samePlace) continue;
      const paths: readonly (PathMatch | undefined)[] = matches.length === 0 ? [undefined] : matches.map((m) => m.uri);
      const same = paths.some((uri) => {
        if (redirect.pathFull !== undefined) return uri?.kind === "exact" && uri.value === redirect.pathFull;
        if (redirect.pathPrefix !== undefined) return uri?.kind === "prefix" && uri.value === redirect.pathPrefix;
        return true;
      });
      if (same) yield { path: redirect.path, message: "The redirect leads back to the same address" };
    }
  },
  example: {
    wrong: `
services: [{ name: web, ports: [{ port: 80 }] }]
routes:
  - name: web
    service: web
    http: [{ matches: [{ path: { prefix: /old } }], filters: { redirect: { prefix: /old } } }]
`,
    right: `
services: [{ name: web, ports: [{ port: 80 }] }]
routes:
  - name: web
    service: web
    http: [{ matches: [{ path: { prefix: /old } }], filters: { redirect: { prefix: /new } } }]
`,
  },
};
