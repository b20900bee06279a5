import { z } from "zod";
import { DEFAULTS as D } from "../defaults";
import { externalService } from "./external";
import { anything, dnsLabel, hostname, labels, mtlsMode, optional, required, text, tlsVersion } from "./fields";
import { gateway } from "./gateway";
import { policies } from "./policies";
import { route } from "./route";
import { service } from "./service";
import { telemetry } from "./telemetry";

export const API_VERSION = "meshup/v1";

const namespace = z.strictObject({
  name: required(dnsLabel, "Name of the namespace"),
  create: optional(z.boolean(), "Rendered with the mesh; false: it exists already", D.createNamespace),
  inject: optional(z.boolean(), "Pods get a sidecar", D.inject),
  labels: optional(labels, "Further labels", {}),
});

const accepted = z.strictObject({
  feature: required(text, "Feature as in `meshup capabilities`: loadBalancing.peakEwma"),
  reason: required(text, "Why doing without it is right here"),
});
/** Settings of one backend; what is not named here is that backend's own (VPC, roles, project, …). */
const backend = z
  .object({
    accept: optional(z.array(accepted), "Losses that are accepted on this backend", []),
    install: optional(z.enum(["none", "helm"]), "helm: the control plane is rendered too", D.backendInstall),
    version: optional(text, "Version of the mesh that runs there; the oldest supported when left out"),
  })
  .catchall(anything);
const backendOf = (what: string) => optional(backend, `Settings for ${what}; none when left out`);

export const backends = z.strictObject({
  istio: backendOf("Istio"),
  "istio-managed-csm": backendOf("Google's managed Istio control plane"),
  linkerd: backendOf("Linkerd"),
  appmesh: backendOf("AWS App Mesh"),
  gcsm: backendOf("Google Cloud service routing"),
  "vpc-lattice": backendOf("Amazon VPC Lattice"),
  proxy: backendOf("the bundled data plane"),
});

export const spec = z.strictObject({
  trustDomain: optional(hostname, "SPIFFE trust domain of every identity", D.trustDomain),
  mtls: optional(
    z.strictObject({
      mode: optional(mtlsMode, "STRICT: only mTLS; PERMISSIVE: plain text too; DISABLE: only plain text", D.mtlsMode),
      minVersion: optional(tlsVersion, "Oldest TLS version between services", D.tlsMinVersion),
    }),
    "mTLS where no policy says otherwise",
    {},
  ),
  namespaces: optional(z.array(namespace), "Namespaces that need more than a name", []),
  backends: optional(backends, "Settings by backend", {}),
  services: optional(z.array(service), "Services of the mesh", []),
  externalServices: optional(z.array(externalService), "What the mesh calls outside", []),
  gateways: optional(z.array(gateway), "Doors from outside", []),
  routes: optional(z.array(route), "Where requests go", []),
  egress: optional(
    z.strictObject({
      mode: optional(
        z.enum(["REGISTRY_ONLY", "ALLOW_ANY"]),
        "REGISTRY_ONLY: only services and external services can be called",
        D.egressMode,
      ),
    }),
    "Calls to what the mesh does not know",
    {},
  ),
  policies: optional(policies, "Security", {}),
  telemetry: optional(telemetry, "Metrics, traces and logs", {}),
  clusters: optional(
    z.never("reserved for meshes over several clusters; nothing renders it yet"),
    "Reserved for meshes over several clusters; must be left out",
  ),
});

export const metadata = z.strictObject({
  name: required(dnsLabel, "Name of the mesh"),
  namespace: optional(dnsLabel, "Namespace of what names none", D.namespace),
});

/** One `Mesh` document: everything. */
export const mesh = z.strictObject({
  apiVersion: required(z.literal(API_VERSION), "Version of the format"),
  kind: required(z.literal("Mesh"), "What the document is"),
  metadata: required(metadata, "Name and namespace"),
  spec: optional(spec, "The mesh", {}),
});

export type MeshDocument = z.input<typeof mesh>;
export type MeshSpec = z.input<typeof spec>;
