import { fromObject, hasErrors, type Model } from "../../../src/model";
import type { Manifest } from "../support/kubernetes";
import type { Case } from "./case";

export const NAMESPACE = "e2e";
/** Services that several cases share: who asks, and one that is only another service. */
export const CALLER = "caller";
const STRANGER = "stranger";
/** Its route is applied last: where it answers, everything else has arrived. */
export const CANARY = "canary";

type Json = Readonly<Record<string, unknown>>;

const serviceOf = (name: string, more: Json = {}): Json => ({
  name,
  labels: { app: name },
  ports: [{ name: "http", port: 80, targetPort: 8080, protocol: "http" }],
  versions: ["v1", "v2"].map((version) => ({ name: version, labels: { version } })),
  ...more,
});

/** The case's own service, where a backend or a mirror names none. */
function ownRule(self: string, rule: Json): Json {
  const filled = (target: unknown): unknown => ({ service: self, ...(target as object) });
  const { backends, filters } = rule as { readonly backends?: readonly unknown[]; readonly filters?: Json };
  const mirrored = filters?.mirror === undefined ? filters : { ...filters, mirror: filled(filters.mirror) };
  return {
    ...rule,
    ...(backends === undefined ? {} : { backends: backends.map(filled) }),
    ...(mirrored === undefined ? {} : { filters: mirrored }),
  };
}

/** Name of a case's service, by its place in the table. */
export const selfOf = (cases: readonly Case[], each: Case): string =>
  `c${String(cases.indexOf(each)).padStart(3, "0")}`;

/** One mesh of the named cases out of all; names stay the same whatever is left out. */
export function meshOf(all: readonly Case[], some: readonly Case[] = all): Model {
  const routed = some.filter(({ rules }) => rules.length > 0);
  const { model, findings } = fromObject({
    apiVersion: "meshup/v1",
    kind: "Mesh",
    metadata: { name: "differential", namespace: NAMESPACE },
    spec: {
      mtls: { mode: "DISABLE" },
      services: [
        ...some.map((each) => serviceOf(selfOf(all, each), each.service)),
        serviceOf(STRANGER),
        serviceOf(CANARY),
        serviceOf(CALLER, { calls: [...some.map((each) => selfOf(all, each)), STRANGER, CANARY] }),
      ],
      routes: [
        ...routed.map((each) => {
          const self = selfOf(all, each);
          return { name: self, service: self, http: each.rules.map((rule) => ownRule(self, rule)), ...each.route };
        }),
        { name: CANARY, service: CANARY, http: [{ filters: { directResponse: { status: 299 } } }] },
      ],
    },
  });
  if (model === undefined || hasErrors(findings))
    throw new Error(findings.map(({ code, path, message }) => `${code} ${path}: ${message}`).join("\n"));
  return model;
}

/** Where the pods of a mesh are: istiod takes loopback addresses from WorkloadEntries alone. */
export function workloadEntries(
  model: Model,
  at: Readonly<Record<string, { readonly address: string; readonly port: number }>>,
): Manifest[] {
  return model.services.flatMap((service) =>
    service.versions.flatMap((version) => {
      const place = at[version.name];
      if (place === undefined) return [];
      return [
        {
          apiVersion: "networking.istio.io/v1",
          kind: "WorkloadEntry",
          metadata: { name: `${service.name}-${version.name}`, namespace: service.namespace },
          spec: {
            address: place.address,
            ports: Object.fromEntries(service.ports.map(({ name }) => [name, place.port])),
            labels: { ...service.labels, ...version.labels },
          },
        },
      ];
    }),
  );
}
