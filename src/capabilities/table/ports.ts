import type { Model, Protocol } from "../../model/model";
import { emulated, native, unsupported, type Row } from "../capability";
import { source as s } from "../sources";
import { servicesThat } from "../uses";

/** Ports of a protocol, of services and of what lies outside; a gateway's gRPC listeners count as well. */
const speaking = (protocol: Protocol) =>
  function* (model: Model): Iterable<string> {
    for (const { ports, path } of [...model.services, ...model.externalServices])
      for (const port of ports) if (port.protocol === protocol) yield port.path || path;
    for (const { listeners } of model.gateways)
      for (const listener of listeners) if (protocol === "grpc" && listener.protocol === "grpc") yield listener.path;
  };
const noLatticeTcp = unsupported(
  "there are no TCP listeners",
  s.latticeListener,
  "Use a VPC resource, outside the mesh.",
);

/** What is spoken besides HTTP/1.1, which every backend takes. */
export const ports: readonly Row[] = [
  [
    "port.http2",
    "HTTP/2 ports",
    "routing",
    speaking("http2"),
    {
      istio: native(s.kubernetes),
      linkerd: native(s.linkerdOutbound),
      appmesh: native(s.appmeshNode),
      gcsm: native(s.googleBackend),
      "vpc-lattice": native(s.latticeTargets),
      proxy: native(s.envoyListener, { needs: "envoy" }),
    },
  ],
  [
    "port.grpc",
    "gRPC ports",
    "routing",
    speaking("grpc"),
    {
      istio: native(s.kubernetes),
      linkerd: native(s.linkerdOutbound),
      appmesh: native(s.appmeshNode),
      gcsm: native(s.googleBackend),
      "vpc-lattice": native(s.latticeTargets),
      proxy: native(s.envoyListener, { needs: "envoy" }),
    },
  ],
  [
    "port.tcp",
    "TCP ports",
    "routing",
    speaking("tcp"),
    {
      istio: native(s.kubernetes),
      linkerd: native(s.linkerdOutbound),
      appmesh: native(s.appmeshNode),
      gcsm: native(s.googleBackend),
      "vpc-lattice": noLatticeTcp,
      proxy: native(s.envoyListener, { needs: "envoy" }),
    },
  ],
  [
    "port.tls",
    "Ports whose servers end TLS themselves",
    "routing",
    speaking("tls"),
    {
      istio: native(s.kubernetes),
      linkerd: native(s.linkerdOutbound),
      appmesh: emulated("a TCP listener, which passes it through", "", s.appmeshNode),
      gcsm: emulated("a backend service of protocol TCP, which passes it through", "", s.googleBackend),
      "vpc-lattice": emulated("a TLS passthrough listener", "connections end after ten minutes", s.latticeListener),
      proxy: native(s.envoyListener, { needs: "envoy" }),
    },
  ],
  [
    "port.serverFirst",
    "Ports where the server speaks first",
    "routing",
    servicesThat((service) => service.ports.some((p) => p.serverFirst)),
    {
      istio: native(s.kubernetes),
      linkerd: native(s.linkerdOutbound),
      appmesh: native(s.appmeshNode),
      gcsm: native(s.googleBackend),
      "vpc-lattice": noLatticeTcp,
      proxy: native(s.envoyListener, { needs: "envoy" }),
    },
  ],
];
