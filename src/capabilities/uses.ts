import { ruleIndex } from "../model/rule-index";
import type { Filters, Match, Model, Route, Rule, Service, Traffic, ValueMatch } from "../model/model";

/** Detectors: each makes a function that walks a model once and yields the paths where something is used. */
type Uses = (model: Model) => Iterable<string>;

export const routesThat = (test: (route: Route) => boolean): Uses =>
  function* (model) {
    for (const route of model.routes) if (test(route)) yield route.path;
  };
export const rulesThat = (test: (rule: Rule, route: Route, model: Model) => boolean): Uses =>
  function* (model) {
    for (const route of model.routes) for (const rule of route.rules) if (test(rule, route, model)) yield rule.path;
  };
export const matchesThat = (test: (match: Match, route: Route) => boolean): Uses =>
  function* (model) {
    for (const route of model.routes)
      for (const rule of route.rules) for (const match of rule.matches) if (test(match, route)) yield match.path;
  };
const valuesThat = (part: "headers" | "query", test: (value: ValueMatch) => boolean): Uses =>
  function* (model) {
    for (const route of model.routes)
      for (const rule of route.rules)
        for (const match of rule.matches) for (const value of match[part]) if (test(value)) yield value.path;
  };
export const headersThat = (test: (value: ValueMatch) => boolean): Uses => valuesThat("headers", test);
export const queriesThat = (test: (value: ValueMatch) => boolean): Uses => valuesThat("query", test);
/** The path of whatever filter the test picks. */
export const filtersThat = (pick: (filters: Filters, rule: Rule) => string | undefined | false): Uses =>
  function* (model) {
    for (const { rule } of ruleIndex(model.routes).filtered) {
      const path = pick(rule.filters, rule);
      if (path) yield path;
    }
  };
export const retriesThat = (test: (rule: Rule, route: Route) => boolean): Uses =>
  function* (model) {
    for (const { route, rule } of ruleIndex(model.routes).retried) if (test(rule, route)) yield rule.retries.path;
  };
export const servicesThat = (test: (service: Service) => boolean): Uses =>
  function* (model) {
    for (const service of model.services) if (test(service)) yield service.path;
  };
/** `at` is the part of the destination policy to point at, e.g. `loadBalancing`. */
export const trafficThat = (at: string, test: (traffic: Traffic, service: Service) => boolean): Uses =>
  function* (model) {
    for (const service of model.services)
      if (test(service.traffic, service)) yield at ? `${service.traffic.path}.${at}` : service.traffic.path;
  };
/** Once for the whole mesh. */
export const meshThat = (path: string, test: (model: Model) => boolean): Uses =>
  function* (model) {
    if (test(model)) yield path;
  };
