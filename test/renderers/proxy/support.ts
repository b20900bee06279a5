import { fromObject, type Model } from "../../../src/model";
import {
  BOOTSTRAP,
  type BootstrapProperties,
  type Message,
  type ProxyOptions,
  render,
} from "../../../src/renderers/proxy";
import { readBootstrap } from "../../../src/proxy/xds/bootstrap";

type Json = Record<string, unknown>;

/** A service "web" of two versions, changed by what a test asks for. */
export function modelOf(spec: Json = {}, service: Json = {}): Model {
  const version = (name: string, replicas: number): Json => ({
    name,
    labels: { version: name },
    workload: {
      name: `web-${name}`,
      replicas,
      serviceAccount: "web",
      container: { name: "web", image: "web", port: 8080 },
      host: { command: ["true"] },
    },
  });
  const { model, findings } = fromObject({
    apiVersion: "meshup/v1",
    kind: "Mesh",
    metadata: { name: "test", namespace: "shop" },
    spec: {
      trustDomain: "example.org",
      mtls: { mode: "STRICT" },
      services: [
        {
          name: "web",
          labels: { app: "web" },
          ports: [{ name: "http", port: 80, targetPort: 8080, protocol: "http" }],
          versions: [version("v1", 2), version("v2", 1)],
          ...service,
        },
      ],
      ...spec,
    },
  });
  if (model === undefined) throw new Error(JSON.stringify(findings, undefined, 1));
  return model;
}

/** A mesh with one route of these rules to "web". */
export const withRules = (...http: Json[]): Model => modelOf({ routes: [{ name: "web", service: "web", http }] });
export const to = (version: string, weight = 100): Json => ({ service: "web", version, port: 80, weight });

/** The bootstrap of a workload's replica, or the client's; each is one that the bundled proxy reads. */
export function bootstrapOf(
  model: Model,
  workload = "meshup-client",
  replica: number | string = 0,
  options?: ProxyOptions,
): Message {
  const all = render(model, options).plan.resources.filter((r) => r.type === BOOTSTRAP);
  const found = all
    .map((r) => r.properties as unknown as BootstrapProperties)
    .find((p) => p.workload === workload && p.replica === replica);
  if (found === undefined) throw new Error(`no ${workload}-${replica}`);
  const read = readBootstrap({ value: found.bootstrap });
  if (!read.ok) throw new Error(JSON.stringify(read.errors, undefined, 1));
  return found.bootstrap;
}

/** The value at a path of keys, indexes and `name=` searches in lists. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((here, step) => {
    if (typeof step === "string" && step.startsWith("name="))
      return (here as Json[]).find((item) => item.name === step.slice(5));
    return (here as Record<string | number, unknown> | undefined)?.[step];
  }, value);
}

const MANAGER = ["filter_chains", 0, "filters", 0, "typed_config"] as const;
/** The HTTP connection manager of a listener, by the listener's index. */
export const manager = (bootstrap: Message, listener = 0): unknown =>
  at(bootstrap, "static_resources", "listeners", listener, ...MANAGER);
/** The routes that the client follows to "web". */
export const routes = (model: Model): Json[] =>
  at(manager(bootstrapOf(model)), "route_config", "virtual_hosts", 0, "routes") as Json[];
export const cluster = (bootstrap: Message, name: string): unknown =>
  at(bootstrap, "static_resources", "clusters", `name=${name}`);
