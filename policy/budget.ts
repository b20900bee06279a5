import { Decimal, estimate, type Estimate, loadUsage, money, noUsage, presetText, type Usage } from "../src/cost";
import type { Estate } from "../src/facts";
import { keyOf } from "../src/model/model";
import { type Deployed, deployedIn } from "./deployed";
import { numberSetting, type RuleHit, type Settings, textSetting } from "./rule";

interface Priced extends Deployed {
  readonly result: Estimate;
}

/** Estimates of what a stack holds, held against the limits that are set: the total, each service, the growth. */
export function* overBudgets(estate: Estate, settings: Settings): Iterable<RuleHit> {
  const limit = (name: string): Decimal | undefined => {
    const value = settings[name];
    return typeof value === "number" ? Decimal.parse(String(value)) : undefined;
  };
  const [total, each, last] = [limit("maxMonthly"), limit("maxMonthlyPerService"), limit("lastMonthly")];
  if (!total && !each && !last) return;
  const priced = pricesOf(estate, settings);
  const [first] = priced;
  if (first === undefined) return;
  const failed = priced.flatMap(({ result }) => result.findings).find(({ level }) => level === "error");
  if (failed) {
    const message = `The budget cannot be held: ${failed.message}`;
    yield { path: first.model.services[0]?.path ?? "", message, found: "no estimate", wanted: "a price for all of it" };
    return;
  }
  const { currency } = first.result;
  const sum = Decimal.sum(priced.map(({ result }) => result.monthly.expected));
  const open = priced.reduce((lines, { result }) => lines + result.open, 0);
  const say = (amount: Decimal): string => `${money(amount, currency)} a month`;
  const found = `${say(sum)}${open > 0 ? `, without ${open} open lines` : ""}`;
  const path = first.model.services[0]?.path ?? "";
  if (total && sum.compare(total) > 0)
    yield { path, message: "The mesh costs more than its budget", found, wanted: `at most ${say(total)}` };
  if (each) yield* dearServices(priced, each, say);
  if (!last) return;
  const percent = numberSetting(settings, "maxIncreasePercent", DEFAULT_INCREASE);
  const allowed = last.times(Decimal.of(String(100 + percent)));
  if (sum.times(Decimal.of(100)).compare(allowed) > 0)
    yield {
      path,
      message: `The mesh costs more than ${say(last)}, what is deployed now, allows`,
      found,
      wanted: `at most ${percent}% more`,
    };
}
const DEFAULT_INCREASE = 20;

function* dearServices(priced: readonly Priced[], each: Decimal, say: (amount: Decimal) => string): Iterable<RuleHit> {
  for (const { model, result } of priced)
    for (const service of model.services) {
      const own = result.byOwner.get(`service.${keyOf(service)}`)?.expected;
      if (own && own.compare(each) > 0)
        yield {
          path: service.path,
          message: `The mesh of ${service.name} costs more than a service may`,
          found: say(own),
          wanted: `at most ${say(each)}`,
        };
    }
}

const pricesOf = (estate: Estate, settings: Settings): readonly Priced[] => {
  const region = textSetting(settings, "region", "");
  const options = { usage: usageFrom(settings), ...(region === "" ? {} : { region }) };
  return deployedIn(estate).map((deployed) => ({
    ...deployed,
    result: estimate(deployed.model, deployed.backend, options),
  }));
};

/** What a stack cannot show: traffic by a preset, and how many pods stand behind a service that has none here. */
function usageFrom(settings: Settings): Usage {
  const preset = presetText(textSetting(settings, "usage", ""));
  const usage = (preset === undefined ? undefined : loadUsage(preset).usage) ?? noUsage;
  const replicas = settings.replicas;
  if (typeof replicas !== "number") return usage;
  const { service } = usage;
  return {
    ...usage,
    service: { ...service, defaults: { ...service.defaults, replicas: Decimal.of(String(replicas)) } },
  };
}
