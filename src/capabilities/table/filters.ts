import { emulated, native, rows, unsupported } from "../capability";
import { source as s } from "../sources";
import { filtersThat } from "../uses";

const inApp = "Do it in the application.";
const linkerdBails = (filter: string) =>
  unsupported(`the controller refuses a whole route that holds ${filter}`, s.linkerdRoutes, inApp);
const appmeshNone = (what: string) => unsupported(`a mesh route has no ${what}`, s.appmeshRoute, inApp);
const latticeNone = (what: string) => unsupported(`a listener rule has no ${what}`, s.latticeRule, inApp);

/** What a route does to requests and answers. */
export const filters = rows("filters", [
  [
    "route.filter.rewrite.prefix",
    "Rewrite of the matched prefix",
    "routing",
    filtersThat((f) => f.rewrite?.prefix !== undefined && f.rewrite.path),
    {
      istio: native(s.virtualService),
      linkerd: linkerdBails("URLRewrite"),
      appmesh: appmeshNone("rewrite (only a gateway route has)"),
      gcsm: native(s.googleRoute),
      "vpc-lattice": latticeNone("rewrite"),
      proxy: native(s.envoyRoute),
    },
  ],
  [
    "route.filter.rewrite.full",
    "Rewrite of the whole path",
    "routing",
    filtersThat((f) => f.rewrite?.full !== undefined && f.rewrite.path),
    {
      istio: emulated("uriRegexRewrite over the whole path", "", s.virtualService),
      linkerd: linkerdBails("URLRewrite"),
      appmesh: appmeshNone("rewrite (only a gateway route has)"),
      gcsm: unsupported("urlRewrite replaces a prefix only", s.googleRoute, "Rewrite a prefix."),
      "vpc-lattice": latticeNone("rewrite"),
      proxy: emulated("regex_rewrite over the whole path", "", s.envoyRoute),
    },
  ],
  [
    "route.filter.rewrite.regex",
    "Rewrite by regular expression",
    "routing",
    filtersThat((f) => f.rewrite?.regex !== undefined && f.rewrite.path),
    {
      istio: native(s.virtualService),
      linkerd: linkerdBails("URLRewrite"),
      appmesh: appmeshNone("rewrite"),
      gcsm: unsupported("urlRewrite replaces a prefix only", s.googleRoute, "Rewrite a prefix."),
      "vpc-lattice": latticeNone("rewrite"),
      proxy: native(s.envoyRoute),
    },
  ],
  [
    "route.filter.rewrite.host",
    "Rewrite of the host",
    "routing",
    filtersThat((f) => f.rewrite?.host !== undefined && f.rewrite.path),
    {
      istio: native(s.virtualService),
      linkerd: linkerdBails("URLRewrite"),
      appmesh: appmeshNone("rewrite"),
      gcsm: native(s.googleRoute),
      "vpc-lattice": latticeNone("rewrite"),
      proxy: native(s.envoyRoute),
    },
  ],
  [
    "route.filter.redirect",
    "Redirect",
    "routing",
    filtersThat((f) => f.redirect?.path),
    {
      istio: native(s.virtualService),
      linkerd: native(s.linkerdRoutes),
      appmesh: appmeshNone("redirect"),
      gcsm: native(s.googleRoute),
      "vpc-lattice": latticeNone("redirect"),
      proxy: native(s.envoyRoute),
    },
  ],
  [
    "route.filter.directResponse",
    "Answer without a backend",
    "routing",
    filtersThat((f) => f.directResponse?.path),
    {
      istio: native(s.virtualService),
      linkerd: unsupported("no filter answers by itself", s.linkerdRoutes, inApp),
      appmesh: appmeshNone("direct response"),
      gcsm: unsupported("the REST API has it, the provider has not", s.googleRoute, inApp),
      "vpc-lattice": emulated("fixedResponse", "statuses 404 and 500 only, without a body", s.latticeRule),
      proxy: native(s.envoyRoute),
    },
  ],
  [
    "route.filter.requestHeaders",
    "Request headers set, added, removed",
    "routing",
    filtersThat((f) => f.requestHeaders?.path),
    {
      istio: native(s.virtualService),
      linkerd: native(s.linkerdRoutes),
      appmesh: appmeshNone("header change"),
      gcsm: native(s.googleRoute),
      "vpc-lattice": latticeNone("header change"),
      proxy: native(s.envoyRoute),
    },
  ],
  [
    "route.filter.responseHeaders",
    "Response headers set, added, removed",
    "routing",
    filtersThat((f) => f.responseHeaders?.path),
    {
      istio: native(s.virtualService),
      linkerd: native(s.linkerdRoutes),
      appmesh: appmeshNone("header change"),
      gcsm: native(s.googleRoute),
      "vpc-lattice": latticeNone("header change"),
      proxy: native(s.envoyRoute),
    },
  ],
  [
    "route.filter.cors",
    "CORS",
    "security",
    filtersThat((f) => f.cors?.path),
    {
      istio: native(s.virtualService),
      linkerd: unsupported("no CORS filter is read", s.linkerdGatewayApi, inApp),
      appmesh: appmeshNone("CORS"),
      gcsm: native(s.googleRoute),
      "vpc-lattice": latticeNone("CORS"),
      proxy: native(s.envoyFilters),
    },
  ],
  [
    "route.filter.mirror",
    "Copies of requests to another service",
    "routing",
    filtersThat((f) => f.mirrors[0]?.path),
    {
      istio: native(s.virtualService),
      linkerd: linkerdBails("RequestMirror"),
      appmesh: unsupported("no mirroring (aws-app-mesh-roadmap#35)", s.appmeshRoute, inApp),
      gcsm: native(s.googleRoute),
      "vpc-lattice": latticeNone("mirror"),
      proxy: native(s.envoyRoute),
    },
  ],
  [
    "route.filter.mirror.percent",
    "Copies of a share of requests",
    "routing",
    filtersThat((f) => f.mirrors.find((m) => m.percent < 100)?.path),
    {
      istio: native(s.virtualService),
      linkerd: linkerdBails("RequestMirror"),
      appmesh: unsupported("no mirroring (aws-app-mesh-roadmap#35)", s.appmeshRoute, inApp),
      gcsm: unsupported(
        "mirrorPercent is in the REST API, not in the provider: all or nothing",
        s.googleRoute,
        "Mirror 100 percent, or nothing.",
      ),
      "vpc-lattice": latticeNone("mirror"),
      proxy: native(s.envoyRoute),
    },
  ],
  [
    "route.filter.mirror.many",
    "Copies to several services",
    "routing",
    filtersThat((f) => f.mirrors[1]?.path),
    {
      istio: native(s.virtualService, { since: "1.21" }),
      linkerd: linkerdBails("RequestMirror"),
      appmesh: unsupported("no mirroring (aws-app-mesh-roadmap#35)", s.appmeshRoute, inApp),
      gcsm: unsupported("requestMirrorPolicy has one destination", s.googleRoute, "Mirror to one service."),
      "vpc-lattice": latticeNone("mirror"),
      proxy: native(s.envoyRoute),
    },
  ],
  [
    "route.filter.fault.delay",
    "Injected delay",
    "tuning",
    filtersThat((f) => f.fault?.delay && f.fault.path),
    {
      istio: native(s.virtualService),
      linkerd: unsupported("no fault filter", s.linkerdRoutes, "Send a share to a backend that delays."),
      appmesh: appmeshNone("fault injection"),
      gcsm: emulated(
        "faultInjectionPolicy",
        "clients ignore the rule's timeout and retries; whole percentages",
        s.googleRouteProto,
      ),
      "vpc-lattice": latticeNone("fault injection"),
      proxy: native(s.envoyFilters),
    },
  ],
  [
    "route.filter.fault.abort",
    "Injected failure",
    "tuning",
    filtersThat((f) => f.fault?.abort && f.fault.path),
    {
      istio: native(s.virtualService),
      linkerd: unsupported("no fault filter", s.linkerdRoutes, "Send a share to a backend that fails."),
      appmesh: appmeshNone("fault injection"),
      gcsm: emulated(
        "faultInjectionPolicy",
        "clients ignore the rule's timeout and retries; whole percentages",
        s.googleRouteProto,
      ),
      "vpc-lattice": latticeNone("fault injection"),
      proxy: native(s.envoyFilters),
    },
  ],
]);
