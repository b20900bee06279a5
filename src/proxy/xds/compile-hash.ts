import type { HashPolicy, HashSource } from "../balancing/hash-policy";
import type { RouteHashPolicy } from "./messages";

/** A route's hash policies; undefined without any. */
export function compileHash(policies: readonly RouteHashPolicy[]): readonly HashPolicy[] | undefined {
  const compiled = policies.flatMap((policy) => {
    const source = compileSource(policy);
    return source === undefined ? [] : [{ source, terminal: policy.terminal }];
  });
  return compiled.length === 0 ? undefined : compiled;
}

function compileSource({ header, cookie, query_parameter: query, connection_properties: from }: RouteHashPolicy) {
  const source: HashSource | undefined =
    header !== undefined
      ? { kind: "header", name: header.header_name.toLowerCase() }
      : cookie !== undefined
        ? {
            kind: "cookie",
            name: cookie.name,
            ttl: cookie.ttl === undefined ? undefined : Math.floor(cookie.ttl / 1000),
            path: cookie.path,
            attributes: cookie.attributes,
          }
        : query !== undefined
          ? { kind: "query", name: query.name }
          : from?.source_ip === true
            ? { kind: "source_ip" }
            : undefined;
  return source;
}
