import type { Finding } from "../../model/finding";
import type { Model, Route, Rule } from "../../model/model";
import { guessedIdentities } from "../identities";
import { attachmentsOf } from "./attachments";
import type { Context } from "./context";
import { replacedPath } from "./filters";
import { nameFindings } from "./names";
import { singleMatches } from "./precedence";
import { divide, MOST } from "./route-resources";
import { hostnamesOf } from "./routes";
import { serverFindings } from "./servers";

const SETTINGS = ["clusterDomain", "controlPlaneNamespace", "trustAnchors"];
const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

/** What only this renderer can know; what Linkerd cannot say at all is in the capability table. */
export const losses = (context: Context): Finding[] => [
  ...context.model.routes.flatMap((route) => [
    ...(route.kind === "tcp" || route.kind === "tls"
      ? streamFindings(context.model, route)
      : requestFindings(context, route, route.kind)),
    ...sizeFindings(context, route),
  ]),
  ...egressFindings(context.model),
  ...nameFindings(context.model),
  ...serverFindings(context),
  ...guessedIdentities(context.model),
  ...settingFindings(context.model),
];

const error = (code: string, path: string, message: string, remedy: string): Finding => ({
  code,
  level: "error",
  path,
  message,
  remedy,
});

const streamFindings = (model: Model, route: Route): Finding[] =>
  attachmentsOf(model, route)
    .filter(({ rules }) => rules.length > 1)
    .slice(0, 1)
    .map(({ rules }) =>
      error(
        "MESH2201",
        route.path,
        `a ${route.kind} route of Linkerd has one rule, and this one has ${rules.length}`,
        "Keep one rule, or use a service for each.",
      ),
    );

function requestFindings(context: Context, route: Route, kind: "http" | "grpc"): Finding[] {
  const seen = new Set<string>();
  return attachmentsOf(context.model, route).flatMap(({ rules }) => {
    const { conflicts, tooMany } = divide(rules, kind);
    const found = conflicts.flatMap(({ earlier, later, why, rules: [a, b] }): Finding[] => {
      const path = later.path || rules[b]?.path || route.path;
      const first = earlier.path || rules[a]?.path || "an earlier rule";
      if (seen.has(`${first} ${path}`)) return [];
      seen.add(`${first} ${path}`);
      return [why === "overtaken" ? overtaken(path, first) : tied(path, first)];
    });
    return [
      ...found,
      ...(tooMany
        ? [
            error(
              "MESH2203",
              route.path,
              "keeping the order written takes more matches than a route can hold, as Linkerd takes the most specific match first",
              "Write the rules in order of how specific they are, or split the route.",
            ),
          ]
        : []),
      ...rules.flatMap((rule) => ruleFindings(rule)),
    ];
  });
}

const overtaken = (path: string, first: string): Finding =>
  error(
    "MESH2202",
    path,
    `Linkerd takes the match that covers most of the path, so this one would overtake ${first}, which was written first`,
    "Write the rule with the more specific path first, or match exact paths and prefixes only.",
  );
const tied = (path: string, first: string): Finding =>
  error(
    "MESH2202",
    path,
    `this match is as specific as ${first}, and their rules stand in two resources, as retries and idle timeouts are annotations of a resource: the older resource would win`,
    "Give both rules the same retries and idle timeout, or make the first match more specific.",
  );

function ruleFindings(rule: Rule): Finding[] {
  const matches = singleMatches(rule);
  const odd = matches.find(({ methods: [method] }) => method !== undefined && !METHODS.includes(method));
  const blind =
    rule.filters.redirect?.pathPrefix !== undefined && matches.some((match) => replacedPath(rule, match) === undefined);
  return [
    ...(odd === undefined
      ? []
      : [
          error(
            "MESH2205",
            odd.path || rule.path,
            `Gateway API knows the methods ${METHODS.join(", ")}, not ${odd.methods.join()}`,
            "Match on path or header.",
          ),
        ]),
    ...(blind
      ? [
          error(
            "MESH2206",
            rule.filters.redirect?.path ?? rule.path,
            "Gateway API replaces a prefix only where a plain prefix was matched",
            "Match a prefix, or redirect to a full path.",
          ),
        ]
      : []),
  ];
}

/** The controller reads nothing of a resource that the API server refused. */
function sizeFindings(context: Context, route: Route): Finding[] {
  const parents = route.parents.filter(({ kind }) => kind === "service");
  const names = route.hostnames.length === 0 ? 0 : hostnamesOf(context, route, parents).length;
  const over = (what: string, count: number, most: number, path: string): Finding[] =>
    count <= most
      ? []
      : [
          error(
            "MESH2207",
            path,
            `Gateway API takes at most ${most} ${what}, and here are ${count}`,
            "Split the rule or the route.",
          ),
        ];
  return [
    ...over("host names, the services' own among them", names, MOST.hostnames, `${route.path}.hostnames`),
    ...route.rules.flatMap((rule) => {
      const changes = [rule.filters.requestHeaders, rule.filters.responseHeaders].flatMap((change) =>
        change === undefined
          ? []
          : [Object.keys(change.set).length, Object.keys(change.add).length, change.remove.length],
      );
      return [
        ...over("backends in a rule", rule.backends.length, MOST.backends, rule.path),
        ...over("changes of headers of one kind", Math.max(0, ...changes), MOST.values, rule.path),
        ...rule.matches.flatMap((match) => [
          ...over("headers in a match", match.headers.length, MOST.values, match.path),
          ...over("query parameters in a match", match.query.length, MOST.values, match.path),
        ]),
      ];
    }),
  ];
}

const egressFindings = (model: Model): Finding[] =>
  model.egress.mode !== "REGISTRY_ONLY"
    ? []
    : model.externalServices.flatMap((external) =>
        external.addresses.length > 0 || external.tls !== undefined
          ? []
          : external.ports
              .filter(({ protocol }) => protocol === "tcp")
              .map(({ path, port }) =>
                error(
                  "MESH2209",
                  path || external.path,
                  `a TCP connection shows no name, so opening port ${port} for ${external.name} would open it to every address outside`,
                  "Give the external service its addresses.",
                ),
              ),
      );

const settingFindings = (model: Model): Finding[] =>
  Object.keys(model.backends.linkerd?.settings ?? {})
    .filter((key) => !SETTINGS.includes(key))
    .map((key) =>
      error("MESH2204", `backends.linkerd.${key}`, `linkerd has no setting ${key}`, `It reads ${SETTINGS.join(", ")}.`),
    );
