import type { Finding } from "../../model/finding";
import type { Model } from "../../model/model";
import { MOST_MATCHES, MOST_RULES } from "./routes";
import { inWrittenOrder, matchesOf } from "./precedence";

const SETTINGS = ["clusterDomain", "controlPlaneNamespace", "trustAnchors"];

/** What only this renderer can know; what Linkerd cannot say at all is in the capability table. */
export function losses(model: Model): Finding[] {
  const findings: Finding[] = [];
  for (const route of model.routes) {
    if (route.kind === "tcp" || route.kind === "tls") {
      if (route.rules.length > 1)
        findings.push({
          code: "MESH2201",
          level: "error",
          path: route.path,
          message: `a ${route.kind} route of Linkerd has one rule, and this one has ${route.rules.length}`,
          remedy: "Keep one rule, or use a service for each.",
        });
      continue;
    }
    const { ordered, overtaken } = inWrittenOrder(route.rules);
    for (const { earlier, later } of overtaken)
      findings.push({
        code: "MESH2202",
        level: "error",
        path: later.path || route.path,
        message: `Linkerd takes the match that covers most of the path, so this one would overtake ${earlier.path || "an earlier rule"}, which was written first`,
        remedy: "Write the rule with the more specific path first, or match exact paths and prefixes only.",
      });
    if (
      route.rules.length > MOST_RULES ||
      ordered.some(({ rule, matches }) => matches.length > MOST_MATCHES && matchesOf(rule).length > 0)
    )
      findings.push({
        code: "MESH2203",
        level: "error",
        path: route.path,
        message: `a Gateway API route holds at most ${MOST_RULES} rules of ${MOST_MATCHES} matches (the order written costs some of them)`,
        remedy: "Split the route, or write the rules in order of how specific they are.",
      });
  }
  for (const [key] of Object.entries(model.backends.linkerd?.settings ?? {}))
    if (!SETTINGS.includes(key))
      findings.push({
        code: "MESH2204",
        level: "error",
        path: `backends.linkerd.${key}`,
        message: `linkerd has no setting ${key}`,
        remedy: `It reads ${SETTINGS.join(", ")}.`,
      });
  return findings;
}
