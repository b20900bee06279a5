import type { BackendName } from "../model/model";
import type { Context, Demand } from "./demand";
import * as overhead from "./overhead/overhead";
import { AWS_PRIVATE_CA, chosen, GOOGLE_CAS, privateCa } from "./parts/certificates";
import { ambient, controlPlane, perNode, sidecars } from "./parts/compute";
import { edition, instances, lattice } from "./parts/fees";
import { telemetry } from "./parts/telemetry";
import { cloudMap, crossZone, gateways, sharedInfrastructure } from "./parts/traffic";

/** What each backend creates and consumes: a table of contents of its bill. */
export const bills: Readonly<Record<BackendName, (context: Context) => Generator<Demand>>> = {
  *istio(context) {
    yield* instances(context, "mesh.istio.instance");
    yield* edition(context, "istio");
    yield* istioDataPlane(context);
    yield* controlPlane(context, overhead.ISTIOD);
    yield* surroundings(context);
  },
  *"istio-managed-csm"(context) {
    yield* instances(context, "mesh.gcsm.instance");
    yield* sidecars(context, overhead.ISTIO_SIDECAR);
    yield* controlPlane(context, overhead.MANAGED_CSM);
    yield* perNode(context, overhead.MANAGED_CSM_NODE);
    yield* googleCa(context, "istio-managed-csm");
    yield* surroundings(context);
  },
  *linkerd(context) {
    yield* instances(context, "mesh.linkerd.instance");
    yield* edition(context, "linkerd");
    yield* sidecars(context, overhead.LINKERD_PROXY);
    yield* controlPlane(context, overhead.LINKERD_CONTROL_PLANE);
    yield* surroundings(context);
  },
  *appmesh(context) {
    const settings = context.model.backends.appmesh?.settings ?? {};
    const onFargate = context.platform.name === "fargate";
    yield* instances(context, "mesh.appmesh.instance");
    if (settings.serviceDiscovery === "cloud-map") yield* cloudMap(context);
    yield* sidecars(context, onFargate ? overhead.APPMESH_ENVOY_FARGATE : overhead.APPMESH_ENVOY);
    yield* privateCa(context, chosen(AWS_PRIVATE_CA, settings.privateCa) ?? AWS_PRIVATE_CA.general);
    yield* surroundings(context);
  },
  *gcsm(context) {
    yield* instances(context, "mesh.gcsm.instance");
    yield* sidecars(context, overhead.GCSM_ENVOY);
    yield* googleCa(context, "gcsm");
    yield* surroundings(context);
  },
  *"vpc-lattice"(context) {
    yield* lattice(context);
    yield* gateways(context);
    yield* sharedInfrastructure(context);
  },
  *proxy(context) {
    yield* instances(context, "mesh.proxy.instance");
    yield* sidecars(context, overhead.bundledProxy());
    yield* controlPlane(context, overhead.BUNDLED_CONTROL_PLANE);
    yield* surroundings(context);
  },
};

function* istioDataPlane(context: Context): Generator<Demand> {
  if (context.model.backends.istio?.settings.dataPlane === "ambient")
    yield* ambient(context, overhead.ISTIO_ZTUNNEL, overhead.ISTIO_WAYPOINT);
  else yield* sidecars(context, overhead.ISTIO_SIDECAR);
}
/** Google's mesh issues certificates itself unless the mesh names a CA Service tier. */
function* googleCa(context: Context, backend: "gcsm" | "istio-managed-csm"): Generator<Demand> {
  const ca = chosen(GOOGLE_CAS, context.model.backends[backend]?.settings.caService);
  if (ca) yield* privateCa(context, ca);
}
/** What traffic through proxies takes on any backend. */
function* surroundings(context: Context): Generator<Demand> {
  yield* crossZone(context);
  yield* gateways(context);
  yield* telemetry(context);
  yield* sharedInfrastructure(context);
}
