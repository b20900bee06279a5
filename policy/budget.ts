import { Decimal, estimate, type Estimate, money, noUsage } from "../src/cost";
import { type Estate, usesIstio, usesLinkerd } from "../src/facts";
import type { BackendName, Model } from "../src/model";
import type { RuleHit, Settings } from "./rule";

/** Estimates of what a stack holds, held against the limits that are set: the total, each service, the growth. */
export function* overBudgets(estate: Estate, settings: Settings): Iterable<RuleHit> {
  const limit = (name: string): Decimal | undefined => {
    const value = settings[name];
    return typeof value === "number" ? Decimal.parse(String(value)) : undefined;
  };
  const [total, each, last] = [limit("maxMonthly"), limit("maxMonthlyPerService"), limit("lastMonthly")];
  if (!total && !each && !last) return;
  const result = estimateOf(estate);
  if (!result) return;
  const { currency, monthly, byOwner } = result;
  const say = (amount: Decimal): string => `${money(amount, currency)} a month`;
  const first = estate.facts.services[0]?.path ?? "";
  if (total && monthly.expected.compare(total) > 0)
    yield {
      path: first,
      message: "The mesh costs more than its budget",
      found: say(monthly.expected),
      wanted: `at most ${say(total)}`,
    };
  if (each)
    for (const service of estate.facts.services) {
      const own = byOwner.get(`service.${service.namespace}/${service.name}`)?.expected;
      if (own && own.compare(each) > 0)
        yield {
          path: service.path,
          message: `The mesh of ${service.name} costs more than a service may`,
          found: say(own),
          wanted: `at most ${say(each)}`,
        };
    }
  if (!last) return;
  const percent = settings.maxIncreasePercent;
  const allowed = last.times(
    Decimal.parse(String(100 + (typeof percent === "number" ? percent : 20))) ?? Decimal.of(120),
  );
  if (monthly.expected.times(Decimal.of(100)).compare(allowed) > 0)
    yield {
      path: first,
      message: `The mesh costs more than ${say(last)}, what is deployed now, allows`,
      found: say(monthly.expected),
      wanted: `at most ${typeof percent === "number" ? percent : 20}% more`,
    };
}

const backendOf = ({ resources, model }: Estate): BackendName | undefined => {
  if (model) return (Object.keys(model.backends) as BackendName[])[0] ?? "proxy";
  if (usesIstio(resources)) return "istio";
  return usesLinkerd(resources) ? "linkerd" : undefined;
};

function estimateOf(estate: Estate): Estimate | undefined {
  const backend = backendOf(estate);
  return backend && estimate(estate.model ?? modelOf(estate), backend, { usage: noUsage });
}
/** What an estimate needs of a mesh, from what is deployed. */
function modelOf({ facts }: Estate): Model {
  const { mesh, namespaces, services, externals, gateways, routes, mtls, authorization, jwt, defaultDeny } = facts;
  return {
    apiVersion: "meshup/v1",
    name: "stack",
    namespace: services[0]?.namespace ?? "default",
    trustDomain: mesh.trustDomain,
    mtls: { mode: mesh.mode, minVersion: mesh.minVersion },
    namespaces,
    backends: {},
    services,
    externalServices: externals,
    gateways,
    routes,
    egress: { mode: mesh.egress },
    policies: { mtls, authorization, jwt, defaultDeny },
    telemetry: facts.telemetry,
    source: {},
  };
}
