import { emulated, native, rows, unsupported } from "../capability";
import { source as s } from "../sources";
import { meshThat } from "../uses";
import type { ExternalService, Listener, Model } from "../../model/model";

const listenersThat = (test: (listener: Listener) => boolean) =>
  function* (model: Model): Iterable<string> {
    for (const gateway of model.gateways)
      for (const listener of gateway.listeners) if (test(listener)) yield listener.path;
  };
const externalsThat = (test: (external: ExternalService) => boolean) =>
  function* (model: Model): Iterable<string> {
    for (const external of model.externalServices) if (test(external)) yield external.path;
  };

const linkerdNone = unsupported(
  "Linkerd has no ingress",
  s.linkerdGatewayApi,
  "Bring an ingress controller and mesh its pods.",
);
const latticeNone = unsupported(
  "the service network is reached from VPCs only",
  s.latticeListener,
  "Put a load balancer in front.",
);

/** A listener that ends TLS. */
const secured = ({ tls }: Listener): boolean => tls !== undefined && tls.mode !== "PASSTHROUGH";

/** Where traffic enters and leaves the mesh. */
export const edge = rows("edge", [
  [
    "gateway",
    "Gateways",
    "routing",
    listenersThat(() => true),
    {
      istio: native(s.gateway),
      linkerd: linkerdNone,
      appmesh: native(s.appmeshGateway),
      gcsm: native(s.googleGateway),
      "vpc-lattice": latticeNone,
      proxy: native(s.envoyListener),
    },
  ],
  [
    "gateway.tcp",
    "TCP and TLS listeners of a gateway",
    "routing",
    listenersThat((l) => l.protocol === "tcp" || l.protocol === "tls"),
    {
      istio: native(s.gateway),
      linkerd: linkerdNone,
      appmesh: unsupported(
        "gateway listeners are http, http2 and grpc",
        s.appmeshGateway,
        "Use a network load balancer.",
      ),
      gcsm: native(s.googleGateway),
      "vpc-lattice": latticeNone,
      proxy: native(s.envoyListener, { needs: "envoy" }),
    },
  ],
  [
    "gateway.tls.several",
    "Several certificates on one port of a gateway",
    "routing",
    function* (model) {
      for (const { listeners } of model.gateways)
        for (const listener of listeners)
          if (secured(listener) && listeners.some((l) => l !== listener && l.port === listener.port && secured(l)))
            yield listener.path;
    },
    {
      istio: native(s.gateway),
      linkerd: linkerdNone,
      appmesh: unsupported(
        "a listener of a gateway has one certificate",
        s.appmeshGateway,
        "Use one certificate for all names, or a port for each.",
      ),
      gcsm: unsupported(
        "TLS is for a whole Gateway, and which of two takes a shared port is not said",
        s.googleGateway,
        "Use one certificate for all names, or a port for each.",
      ),
      "vpc-lattice": latticeNone,
      proxy: native(s.envoyListener),
    },
  ],
  [
    "gateway.tls.passthrough",
    "TLS passed through a gateway",
    "security",
    listenersThat((l) => l.tls?.mode === "PASSTHROUGH"),
    {
      istio: native(s.gateway),
      linkerd: linkerdNone,
      appmesh: unsupported("a gateway ends TLS", s.appmeshGateway, "Use a network load balancer."),
      gcsm: native(s.googleGateway),
      "vpc-lattice": latticeNone,
      proxy: native(s.envoyListener, { needs: "envoy" }),
    },
  ],
  [
    "gateway.tls.mutual",
    "Client certificates at a gateway",
    "security",
    listenersThat((l) => l.tls?.mode === "MUTUAL"),
    {
      istio: native(s.gateway),
      linkerd: linkerdNone,
      appmesh: emulated(
        "listener.tls with a validation context",
        "trust from a file or SDS, not from ACM",
        s.appmeshGateway,
      ),
      gcsm: native(s.googleTls),
      "vpc-lattice": latticeNone,
      proxy: native(s.envoyTls),
    },
  ],
  [
    "gateway.tls.minVersion",
    "TLS 1.3 at least, at a gateway",
    "security",
    listenersThat((l) => l.tls?.minVersion === "1.3"),
    {
      istio: native(s.gateway),
      linkerd: linkerdNone,
      appmesh: unsupported("no field", s.appmeshGateway, "Leave 1.2."),
      gcsm: unsupported("no field", s.googleTls, "Leave 1.2."),
      "vpc-lattice": latticeNone,
      proxy: native(s.envoyTls),
    },
  ],
  [
    "gateway.redirectHttp",
    "Redirect from http to https at a gateway",
    "routing",
    listenersThat((l) => l.tls?.redirectHttp === true),
    {
      istio: native(s.gateway),
      linkerd: linkerdNone,
      appmesh: unsupported("no redirect", s.appmeshGateway, "Redirect at the load balancer."),
      gcsm: emulated("a route that redirects", "", s.googleRoute),
      "vpc-lattice": latticeNone,
      proxy: native(s.envoyRoute),
    },
  ],
  [
    "egress.closed",
    "Only declared destinations outside",
    "security",
    meshThat("egress.mode", (m) => m.egress.mode === "REGISTRY_ONLY"),
    {
      istio: emulated(
        "Sidecar.outboundTrafficPolicy REGISTRY_ONLY",
        "no security boundary: a workload can go around its sidecar",
        s.sidecar,
      ),
      linkerd: native(s.linkerdEgress, { since: "2.17" }),
      appmesh: native(s.appmeshMesh),
      gcsm: unsupported("no list of allowed destinations", s.googleMesh, "Close the network by firewall rules."),
      "vpc-lattice": unsupported(
        "the service network does not see other traffic",
        s.latticeRule,
        "Close the network by security groups.",
      ),
      proxy: emulated(
        "only declared destinations have a listener",
        "no security boundary without a network policy",
        s.envoyListener,
      ),
    },
  ],
  [
    "external",
    "Declared external services",
    "routing",
    externalsThat(() => true),
    {
      istio: native(s.serviceEntry),
      linkerd: native(s.linkerdEgress, { since: "2.17" }),
      appmesh: emulated("a virtual node with DNS discovery", "", s.appmeshNode),
      gcsm: emulated("a backend service on an internet NEG", "", s.googleBackend),
      "vpc-lattice": unsupported("targets are inside the VPC", s.latticeTargets, "Call it from the application."),
      proxy: native(s.envoyCluster),
    },
  ],
  [
    "external.addresses",
    "External services by address",
    "routing",
    externalsThat((e) => e.addresses.length > 0),
    {
      istio: native(s.serviceEntry),
      linkerd: native(s.linkerdEgress, { since: "2.17" }),
      appmesh: unsupported("discovery is by DNS or Cloud Map", s.appmeshNode, "Give it a DNS name."),
      gcsm: emulated("an internet NEG of addresses", "", s.googleBackend),
      "vpc-lattice": unsupported("targets are inside the VPC", s.latticeTargets),
      proxy: native(s.envoyCluster),
    },
  ],
  [
    "external.tls",
    "TLS origination",
    "security",
    externalsThat((e) => e.tls?.mode === "SIMPLE"),
    {
      istio: native(s.destinationRule),
      linkerd: unsupported("Linkerd opens no TLS to the outside", s.linkerdEgress, "Call https from the application."),
      appmesh: native(s.appmeshNode),
      gcsm: native(s.googleTls),
      "vpc-lattice": unsupported("targets are inside the VPC", s.latticeTargets),
      proxy: native(s.envoyTls),
    },
  ],
  [
    "external.tls.mutual",
    "TLS origination with a client certificate",
    "security",
    externalsThat((e) => e.tls?.mode === "MUTUAL"),
    {
      istio: native(s.destinationRule),
      linkerd: unsupported("Linkerd opens no TLS to the outside", s.linkerdEgress, "Call https from the application."),
      appmesh: emulated("clientPolicy.tls.certificate", "from a file or SDS", s.appmeshNode),
      gcsm: unsupported("client certificates are the mesh's own", s.googleTls, "Call https from the application."),
      "vpc-lattice": unsupported("targets are inside the VPC", s.latticeTargets),
      proxy: native(s.envoyTls),
    },
  ],
]);
