import { type Gateway, keyOf, type Match, type Model, type Rule, type Service } from "../model";
import type { ServiceStatus, Status } from "../host";

const matchText = (match: Match): string => {
  const path =
    match.uri === undefined ? "/" : `${match.uri.value}${match.uri.kind === "prefix" ? "" : ` (${match.uri.kind})`}`;
  const methods = match.methods.length > 0 ? `${match.methods.join("|")} ` : "";
  const headers = match.headers.map((h) => ` [${h.name}${h.negate ? "!" : ""}=${h.value}]`).join("");
  return `${methods}${path}${headers}`;
};

function ruleText(rule: Rule): string {
  const total = rule.backends.reduce((sum, b) => sum + b.weight, 0) || 1;
  const from = rule.matches.length > 0 ? rule.matches.map(matchText).join(", ") : "/";
  const to = rule.backends
    .filter((b) => b.weight > 0)
    .map((b) => `${b.name}${b.version === undefined ? "" : ` ${b.version}`} ${Math.round((100 * b.weight) / total)} %`)
    .join(", ");
  return `${from} → ${to === "" ? "answered by the proxy" : to}`;
}

/** The first path that leads somewhere, for a call to copy. */
function examplePath(model: Model, service: Service): string {
  const rules = model.routes
    .filter((r) => r.parents.some((p) => p.kind === "service" && keyOf(p) === keyOf(service)))
    .flatMap((r) => r.rules);
  const [uri] = rules.flatMap((rule) =>
    rule.matches.flatMap((m) => (m.uri !== undefined && m.uri.kind !== "regex" ? m.uri : [])),
  );
  return uri === undefined ? "/" : `${uri.value.replace(/\/$/, "")}${uri.kind === "prefix" ? "/hello" : ""}`;
}

/** Where to call a service; the bundled engine leaves out what it does not serve. */
function addressText({ ports: [first] }: Service, { address }: ServiceStatus): string {
  if (address === "") return `not served: its first port is ${first?.protocol ?? "absent"}`;
  return first?.protocol === "http" ? `http://${address}` : address;
}

function serviceLines(model: Model, service: Service, status: ServiceStatus): string[] {
  const rules = model.routes
    .filter((r) => r.parents.some((p) => p.kind === "service" && keyOf(p) === keyOf(service)))
    .flatMap((r) => r.rules);
  const identities = [...new Set(status.replicas.map((r) => r.spiffeId))];
  const versions = service.versions.map((v) => {
    const of = status.replicas.filter((r) => r.version === v.name);
    return `${v.name} ${of.filter((r) => r.ready).length}/${of.length}`;
  });
  return [
    `${service.name}  ${addressText(service, status)}`,
    `  ready     ${versions.join(", ")}`,
    `  identity  ${identities.join(", ")}`,
    `  mTLS      ${status.mtls}`,
    ...rules.map((rule, n) => `  ${n === 0 ? "routes   " : "         "} ${ruleText(rule)}`),
  ];
}

/** A visitor names a host: a listener's own, or any. */
function gatewayLines(gateway: Gateway, { gateways }: Status): string[] {
  const of = gateways.find((each) => each.name === gateway.name && each.namespace === gateway.namespace);
  return [
    `gateway ${gateway.name}`,
    ...(of?.listeners ?? []).flatMap(({ port, address }) => {
      const listeners = gateway.listeners.filter((listener) => listener.port === port);
      const hosts = listeners.map(({ hostname }) => hostname ?? "*").join(", ");
      return [`  ${String(port).padEnd(8)}  ${address}  ${listeners.length === 0 ? "redirects to https" : hosts}`];
    }),
  ];
}

/** What runs, and how to call it. */
export function summary(model: Model, status: Status): string {
  const lines = [`mesh ${status.mesh} is up`];
  for (const service of model.services) {
    const of = status.services.find((s) => s.name === service.name);
    if (of !== undefined) lines.push("", ...serviceLines(model, service, of));
  }
  for (const gateway of model.gateways) lines.push("", ...gatewayLines(gateway, status));
  const [first] = model.services.filter((s) => s.ports[0]?.protocol === "http");
  const at = status.services.find((s) => s.name === first?.name);
  if (first !== undefined && at !== undefined)
    lines.push("", "call it:", `  curl http://${at.address}${examplePath(model, first)}`);
  return `${lines.join("\n")}\n`;
}
