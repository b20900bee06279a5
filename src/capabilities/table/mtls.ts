import { emulated, native, unsupported, type Row } from "../capability";
import { source as s } from "../sources";
import { meshThat } from "../uses";
import type { Model, MtlsMode } from "../../model/model";

/** Every place that asks for the mode; the mesh's own counts written or not, for traffic depends on it. */
const mode = (wanted: MtlsMode) =>
  function* (model: Model): Iterable<string> {
    if (model.mtls.mode === wanted) yield "mtls.mode";
    for (const service of model.services)
      for (const port of service.ports) if (port.mtls === wanted) yield `${port.path}.mtls`;
    for (const policy of model.policies.mtls) {
      if (policy.mode === wanted) yield `${policy.path}.mode`;
      for (const port of policy.ports) if (port.mode === wanted) yield port.path;
    }
  };

/** How it is known who calls. */
export const mtls: readonly Row[] = [
  [
    "mtls.strict",
    "mTLS, required",
    "security",
    mode("STRICT"),
    {
      istio: native(s.peerAuthentication),
      linkerd: emulated(
        "Server and AuthorizationPolicy that ask for a meshed identity",
        "plain text is answered with 403 instead of a closed connection",
        s.linkerdPolicy,
      ),
      appmesh: native(s.appmeshNode, { form: "folded" }),
      gcsm: native(s.googleTls),
      "vpc-lattice": unsupported(
        "TLS ends at the service network; there are no client certificates",
        s.latticeListener,
        "Use TLS passthrough and mTLS in the application.",
      ),
      proxy: native(s.envoyTls),
    },
  ],
  [
    "mtls.permissive",
    "mTLS, plain text taken as well",
    "security",
    mode("PERMISSIVE"),
    {
      istio: native(s.peerAuthentication),
      linkerd: native(s.linkerdTls),
      appmesh: native(s.appmeshNode, { form: "folded" }),
      gcsm: unsupported(
        "allowOpen cannot be combined with certificates",
        s.googleTls,
        "Use STRICT, or DISABLE while moving.",
      ),
      "vpc-lattice": unsupported(
        "TLS ends at the service network; there are no client certificates",
        s.latticeListener,
        "Use DISABLE and say so, or TLS passthrough.",
      ),
      proxy: native(s.envoyListener),
    },
  ],
  [
    "mtls.disable",
    "No mTLS",
    "security",
    mode("DISABLE"),
    {
      istio: native(s.peerAuthentication),
      linkerd: emulated(
        "the port is skipped by the proxy, unless a policy or a limit covers it",
        "no metrics or routes for a skipped port; on the others, callers of the mesh still use mTLS",
        s.linkerdTls,
        { form: "folded" },
      ),
      appmesh: native(s.appmeshNode, { form: "folded" }),
      gcsm: native(s.googleTls),
      "vpc-lattice": native(s.latticeListener),
      proxy: native(s.envoyListener),
    },
  ],
  [
    "mtls.port",
    "mTLS mode of one port",
    "security",
    function* (model) {
      for (const service of model.services) for (const port of service.ports) if (port.mtls) yield `${port.path}.mtls`;
      for (const policy of model.policies.mtls) for (const port of policy.ports) yield port.path;
    },
    {
      istio: native(s.peerAuthentication),
      linkerd: native(s.linkerdPolicy),
      appmesh: native(s.appmeshNode, { form: "folded" }),
      gcsm: native(s.googleTls),
      "vpc-lattice": unsupported("there are no client certificates", s.latticeListener),
      proxy: native(s.envoyListener),
    },
  ],
  [
    "mtls.minVersion",
    "TLS 1.3 at least, inside the mesh",
    "security",
    meshThat("mtls.minVersion", (m) => m.mtls.minVersion === "1.3"),
    {
      istio: native(s.meshConfig, { needs: "install" }),
      "istio-managed-csm": unsupported("the mesh-wide configuration is Google's", s.managedCsm, "Leave 1.2."),
      linkerd: native(s.linkerdTls),
      appmesh: unsupported("no field", s.appmeshMesh, "Leave 1.2."),
      gcsm: unsupported("no field", s.googleTls, "Leave 1.2."),
      "vpc-lattice": unsupported("the service network chooses", s.latticeListener, "Leave 1.2."),
      proxy: native(s.envoyTls),
    },
  ],
  [
    "mtls.trustDomain",
    "A trust domain other than cluster.local",
    "security",
    meshThat("trustDomain", (m) => m.trustDomain !== "cluster.local"),
    {
      istio: native(s.meshConfig, { needs: "install" }),
      "istio-managed-csm": unsupported(
        "the trust domain is PROJECT.svc.id.goog",
        s.managedCsm,
        "Name that trust domain in an accept.",
      ),
      linkerd: native(s.linkerdTls, { needs: "install" }),
      appmesh: emulated(
        "the certificates' own names",
        "App Mesh has no trust domain: the SAN list is what counts",
        s.appmeshNode,
        { form: "folded" },
      ),
      gcsm: unsupported("the trust domain is PROJECT.svc.id.goog", s.googleTls, "Name that trust domain in an accept."),
      "vpc-lattice": unsupported("there are no workload identities", s.latticeAuth),
      proxy: native(s.envoyTls),
    },
  ],
];
