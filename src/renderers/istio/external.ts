import type { Finding } from "../../model/finding";
import { podLabelsOf } from "../../model/lookup";
import { type ExternalService, keyOf, type Model, type Port, type Service } from "../../model/model";
import type { PlanResource } from "../../plan/plan";
import { defined, idOf } from "../k8s-resource";
import { conventionalPortName } from "../k8s-service";
import { type Context, EVERYWHERE, istioResource } from "./context";
import { finding } from "./findings";
import { ownerOf } from "./names";

export const portProtocol: Readonly<Record<Port["protocol"], string>> = {
  http: "HTTP",
  http2: "HTTP2",
  grpc: "GRPC",
  tcp: "TCP",
  tls: "TLS",
};

/** Plain TCP is told apart by address alone. */
const isTcp = ({ protocol }: Port): boolean => protocol === "tcp";

/** What is outside, as an entry of the registry; its TLS, where the proxy opens it, as DestinationRules. */
export function externalService(context: Context, external: ExternalService): PlanResource[] {
  const { addresses, resolution } = external;
  const fixed = resolution === "STATIC" && addresses.length > 0;
  const spec = defined({
    hosts: external.hosts,
    addresses: addresses.length > 0 && (!fixed || external.ports.some(isTcp)) ? addresses : undefined,
    ports: external.ports.map((port) =>
      defined({
        number: port.port,
        name: conventionalPortName(port),
        protocol: portProtocol[port.protocol],
        targetPort: port.targetPort === port.port ? undefined : port.targetPort,
      }),
    ),
    location: "MESH_EXTERNAL",
    resolution,
    endpoints: fixed ? addresses.map((address) => ({ address })) : undefined,
    ...EVERYWHERE,
  });
  const entry = istioResource(context, "ServiceEntry", external, spec, ownerOf("external", external));
  return [entry, ...tlsRules(context, external)];
}

function tlsRules(context: Context, external: ExternalService): PlanResource[] {
  const { tls } = external;
  if (tls === undefined) return [];
  const needs = [idOf("ServiceEntry", external.name, external.namespace)];
  const owner = ownerOf("external", external);
  return external.hosts.flatMap((host, index) => {
    const suffix = index === 0 ? "" : `.${index + 1}`;
    const sni = tls.sni;
    const verified = defined({ sni, subjectAltNames: sni === undefined ? undefined : [sni] });
    const rule = (ref: { name: string; namespace: string }, extra: object, tlsSettings: object): PlanResource =>
      istioResource(
        context,
        "DestinationRule",
        ref,
        { host, trafficPolicy: { tls: { ...tlsSettings, ...verified } }, ...extra },
        owner,
        needs,
      );
    if (tls.mode === "SIMPLE") {
      const settings = defined({ mode: "SIMPLE", caCertificates: tls.caCertificates });
      return [rule({ name: `${external.name}${suffix}`, namespace: external.namespace }, EVERYWHERE, settings)];
    }
    // A sidecar reads a credential only from a rule that selects its own pods, in its own namespace.
    return callersOf(context.model, external).map((caller) =>
      rule(
        { name: `${external.name}${suffix}.${caller.name}`, namespace: caller.namespace },
        { workloadSelector: { matchLabels: podLabelsOf(caller) }, exportTo: ["."] },
        { mode: "MUTUAL", credentialName: tls.certificateRef },
      ),
    );
  });
}

const callersOf = (model: Model, external: ExternalService): readonly Service[] =>
  model.services.filter((service) =>
    service.calls.some((call) => call.kind === "external" && keyOf(call) === keyOf(external)),
  );

export function externalFindings(model: Model): Finding[] {
  return model.externalServices.flatMap((external): Finding[] => {
    const { hosts, ports, resolution, tls, path } = external;
    const found: Finding[] = [];
    if (resolution !== "NONE" && hosts.length > 1 && ports.some(isTcp)) {
      const message = "connections of plain TCP carry no host name, so Istio cannot tell the hosts apart";
      found.push(finding("MESH2111", `${path}.hosts`, message, "Make an external service of each host."));
    }
    if (tls?.mode === "MUTUAL") {
      const callers = callersOf(model, external).map(({ name }) => name);
      const message =
        callers.length === 0
          ? "no service lists it in calls, so no sidecar gets the client certificate"
          : `the accounts of ${callers.join(", ")} must be allowed to list secrets in their namespaces, where the certificate must be`;
      const remedy =
        callers.length === 0
          ? "Add it to calls of the services that call it."
          : "Grant it by a Role in each of those namespaces, and copy the secret there.";
      found.push(finding("MESH2108", `${path}.tls`, message, remedy));
    }
    return found;
  });
}
