import { type Estate, type RawResource, usesIstio, usesLinkerd } from "../src/facts";
import { type BackendName, fromObject, type Model, type Service } from "../src/model";

/** A mesh that a stack holds, as far as an estimate needs it. */
export interface Deployed {
  readonly backend: BackendName;
  readonly model: Model;
}

/** Every mesh of a stack: the mesh file's, one in a cluster, and those that clouds run. */
export function deployedIn(estate: Estate): readonly Deployed[] {
  const { model, facts } = estate;
  if (model) return [{ backend: (Object.keys(model.backends) as BackendName[])[0] ?? "proxy", model }];
  const found: Deployed[] = [];
  const inCluster = clusterMesh(estate);
  if (inCluster !== undefined && facts.services.length > 0)
    found.push({ backend: inCluster, model: modelOf(estate, inCluster, facts.services) });
  for (const cloud of clouds) {
    const services = estate.resources.all.filter((resource) => cloud.isService(resource)).map(serviceOf);
    if (services.length > 0)
      found.push({ backend: cloud.backend, model: modelOf(estate, cloud.backend, services, cloud.settings(estate)) });
  }
  return found;
}

function clusterMesh({ resources }: Estate): BackendName | undefined {
  if (usesIstio(resources)) return "istio";
  return usesLinkerd(resources) ? "linkerd" : undefined;
}

interface Cloud {
  readonly backend: BackendName;
  /** What the vendor's bill counts, or what a proxy stands beside. */
  readonly isService: (resource: RawResource) => boolean;
  /** What of `spec.backends` the resources say. */
  readonly settings: (estate: Estate) => Readonly<Record<string, string>>;
}
const certificateAuthority = "aws:acmpca/certificateAuthority:CertificateAuthority";
const caPool = "gcp:certificateauthority/caPool:CaPool";

const clouds: readonly Cloud[] = [
  {
    backend: "vpc-lattice",
    isService: ({ type }) => type === "aws:vpclattice/service:Service",
    settings: () => ({}),
  },
  {
    backend: "appmesh",
    isService: ({ type }) => type === "aws:appmesh/virtualNode:VirtualNode" || type === "appmesh.k8s.aws/VirtualNode",
    settings({ resources }): Readonly<Record<string, string>> {
      const [ca] = resources.of(certificateAuthority);
      if (ca === undefined) return {};
      return { privateCa: ca.body.usageMode === "SHORT_LIVED_CERTIFICATE" ? "short-lived" : "general" };
    },
  },
  {
    backend: "gcsm",
    isService: ({ type, body }) =>
      type === "gcp:compute/backendService:BackendService" && body.loadBalancingScheme === "INTERNAL_SELF_MANAGED",
    settings({ resources }): Readonly<Record<string, string>> {
      const [pool] = resources.of(caPool);
      if (pool === undefined) return {};
      return { caService: pool.body.tier === "DEVOPS" ? "devops" : "enterprise" };
    },
  },
];

const NAMESPACE = "stack";
/** What is there of every mesh that says nothing. */
const bare = ((): { readonly model: Model; readonly service: Service } => {
  const { model } = fromObject({
    apiVersion: "meshup/v1",
    kind: "Mesh",
    metadata: { name: "stack", namespace: NAMESPACE },
    spec: { services: [{ name: "service", ports: [{ port: 80 }] }] },
  });
  const service = model?.services[0];
  if (model === undefined || service === undefined) throw new Error("the mesh that says nothing is none");
  return { model, service };
})();

/** Its pods are no resources of the stack. */
const serviceOf = ({ id, name, namespace }: RawResource): Service => ({
  ...bare.service,
  path: id,
  name,
  namespace: namespace || NAMESPACE,
});

function modelOf(
  { facts }: Estate,
  backend: BackendName,
  services: readonly Service[],
  settings: Readonly<Record<string, string>> = {},
): Model {
  const { mesh, namespaces, externals, gateways, routes, mtls, authorization, jwt, defaultDeny, telemetry } = facts;
  // App Mesh takes its certificates from a private CA: one that is in another stack is on that stack's bill.
  const mode = backend === "appmesh" && settings.privateCa === undefined ? "DISABLE" : mesh.mode;
  return {
    ...bare.model,
    namespace: services[0]?.namespace ?? NAMESPACE,
    trustDomain: mesh.trustDomain,
    mtls: { mode, minVersion: mesh.minVersion },
    namespaces,
    backends: Object.keys(settings).length === 0 ? {} : { [backend]: { accept: [], install: "none", settings } },
    services,
    externalServices: externals,
    gateways,
    routes,
    egress: { mode: mesh.egress },
    policies: { mtls, authorization, jwt, defaultDeny },
    telemetry,
  };
}
