import { emulated, native, unsupported, type Row } from "../capability";
import { source as s } from "../sources";
import type { AuthorizationRule, Model, Operation, Source } from "../../model/model";

const rulesThat = (test: (rule: AuthorizationRule) => boolean) =>
  function* (model: Model): Iterable<string> {
    for (const policy of model.policies.authorization) for (const rule of policy.rules) if (test(rule)) yield rule.path;
  };
const fromThat = (test: (source: Source) => boolean) => rulesThat((rule) => rule.from.some(test));
const toThat = (test: (operation: Operation) => boolean) => rulesThat((rule) => rule.to.some(test));
const policiesThat = (test: (policy: Model["policies"]["authorization"][number]) => boolean) =>
  function* (model: Model): Iterable<string> {
    for (const policy of model.policies.authorization) if (test(policy)) yield policy.path;
  };
const jwtThat = (test: (policy: Model["policies"]["jwt"][number]) => boolean) =>
  function* (model: Model): Iterable<string> {
    for (const policy of model.policies.jwt) if (test(policy)) yield policy.path;
  };

const noAppmesh = unsupported(
  "App Mesh authorizes nothing: clients are limited by their backends and by SAN",
  s.appmeshMesh,
  "Authorize in the application.",
);
const noLattice = unsupported(
  "auth policies know IAM principals, and callers would have to sign with SigV4",
  s.latticeAuth,
  "Write the auth policy with your IAM roles yourself.",
);
const noLinkerdJwt = unsupported(
  "Linkerd reads no tokens",
  s.linkerdPolicy,
  "Verify tokens at the ingress or in the application.",
);
const noJwt = (where: string, source: string) =>
  unsupported(`${where} reads no tokens`, source, "Verify tokens in the application.");

/** Who may call, by identity, request and token. */
export const authorization: readonly Row[] = [
  [
    "authorization.allow",
    "ALLOW policies",
    "security",
    policiesThat((p) => p.action === "ALLOW"),
    {
      istio: native(s.authorizationPolicy),
      linkerd: native(s.linkerdPolicy),
      appmesh: noAppmesh,
      gcsm: native(s.googleAuthorization),
      "vpc-lattice": noLattice,
      proxy: native(s.envoyRbac),
    },
  ],
  [
    "authorization.deny",
    "DENY policies",
    "security",
    policiesThat((p) => p.action === "DENY"),
    {
      istio: native(s.authorizationPolicy),
      linkerd: unsupported(
        "Linkerd only allows; what nothing allows is denied",
        s.linkerdPolicy,
        "Turn it into ALLOW rules.",
      ),
      appmesh: noAppmesh,
      gcsm: native(s.googleAuthorization),
      "vpc-lattice": noLattice,
      proxy: native(s.envoyRbac),
    },
  ],
  [
    "authorization.audit",
    "AUDIT policies",
    "security",
    policiesThat((p) => p.action === "AUDIT"),
    {
      istio: emulated("action AUDIT", "takes a Stackdriver-like plugin to write anything", s.authorizationPolicy),
      linkerd: emulated(
        "Server.accessPolicy audit",
        "for the whole port, not by rule, and not where mTLS is required",
        s.linkerdPolicy,
        {
          since: "2.15",
        },
      ),
      appmesh: noAppmesh,
      gcsm: unsupported("actions are ALLOW, DENY and CUSTOM", s.googleAuthorization, "Read the access log."),
      "vpc-lattice": noLattice,
      proxy: native(s.envoyRbac),
    },
  ],
  [
    "authorization.from.identity",
    "Callers by service or principal",
    "security",
    fromThat((f) => f.services.length > 0 || f.principals.length > 0),
    {
      istio: native(s.authorizationPolicy),
      linkerd: native(s.linkerdPolicy),
      appmesh: noAppmesh,
      gcsm: native(s.googleAuthorization),
      "vpc-lattice": noLattice,
      proxy: native(s.envoyRbac),
    },
  ],
  [
    "authorization.from.namespaces",
    "Callers by namespace",
    "security",
    fromThat((f) => f.namespaces.length > 0),
    {
      istio: native(s.authorizationPolicy),
      linkerd: emulated("MeshTLSAuthentication with *.NAMESPACE identities", "", s.linkerdPolicy),
      appmesh: noAppmesh,
      gcsm: emulated("a prefix of the principal", "", s.googleAuthorization),
      "vpc-lattice": noLattice,
      proxy: native(s.envoyRbac),
    },
  ],
  [
    "authorization.from.ipBlocks",
    "Callers by address",
    "security",
    fromThat((f) => f.ipBlocks.length > 0),
    {
      istio: native(s.authorizationPolicy),
      linkerd: native(s.linkerdPolicy),
      appmesh: noAppmesh,
      gcsm: native(s.googleAuthorization),
      "vpc-lattice": noLattice,
      proxy: native(s.envoyRbac),
    },
  ],
  [
    "authorization.from.requestPrincipals",
    "Callers by token subject",
    "security",
    fromThat((f) => f.requestPrincipals.length > 0),
    {
      istio: native(s.requestAuthentication),
      linkerd: noLinkerdJwt,
      appmesh: noAppmesh,
      gcsm: noJwt("the service mesh", s.googleAuthorization),
      "vpc-lattice": noLattice,
      proxy: native(s.envoyFilters),
    },
  ],
  [
    "authorization.from.not",
    "Callers by exclusion",
    "security",
    fromThat((f) => f.not.principals.length + f.not.namespaces.length + f.not.ipBlocks.length > 0),
    {
      istio: native(s.authorizationPolicy),
      linkerd: unsupported("only networks can be left out, not identities", s.linkerdPolicy, "Name who may."),
      appmesh: noAppmesh,
      gcsm: unsupported(
        "AuthorizationPolicy names what it means; it excludes nobody",
        s.googleAuthorization,
        "Name who may.",
      ),
      "vpc-lattice": noLattice,
      proxy: native(s.envoyRbac),
    },
  ],
  [
    "authorization.to.methods",
    "By method",
    "security",
    toThat((t) => t.methods.length > 0),
    {
      istio: native(s.authorizationPolicy),
      linkerd: emulated("an HTTPRoute on the Server", "", s.linkerdPolicy),
      appmesh: noAppmesh,
      gcsm: native(s.googleAuthorization),
      "vpc-lattice": noLattice,
      proxy: native(s.envoyRbac),
    },
  ],
  [
    "authorization.to.paths",
    "By path",
    "security",
    toThat((t) => t.paths.length > 0),
    {
      istio: native(s.authorizationPolicy),
      linkerd: emulated("HTTPRoutes on the Server, one for each set of callers", "", s.linkerdPolicy),
      appmesh: noAppmesh,
      gcsm: unsupported(
        "AuthorizationPolicy has no paths, and AuthzPolicy is for the whole mesh",
        s.googleAuthorization,
        "Allow by host, method or port.",
      ),
      "vpc-lattice": noLattice,
      proxy: native(s.envoyRbac),
    },
  ],
  [
    "authorization.to.ports",
    "By port",
    "security",
    toThat((t) => t.ports.length > 0),
    {
      istio: native(s.authorizationPolicy),
      linkerd: native(s.linkerdPolicy),
      appmesh: noAppmesh,
      gcsm: native(s.googleAuthorization),
      "vpc-lattice": noLattice,
      proxy: native(s.envoyRbac),
    },
  ],
  [
    "authorization.to.hosts",
    "By host",
    "security",
    toThat((t) => t.hosts.length > 0),
    {
      istio: native(s.authorizationPolicy),
      linkerd: emulated("an HTTPRoute on the Server", "", s.linkerdPolicy),
      appmesh: noAppmesh,
      gcsm: native(s.googleAuthorization),
      "vpc-lattice": noLattice,
      proxy: native(s.envoyRbac),
    },
  ],
  [
    "authorization.to.not",
    "By exclusion of methods, paths or ports",
    "security",
    toThat((t) => t.not.methods.length + t.not.paths.length + t.not.ports.length > 0),
    {
      istio: native(s.authorizationPolicy),
      linkerd: unsupported("routes cannot exclude", s.linkerdPolicy, "Name what is allowed."),
      appmesh: noAppmesh,
      gcsm: unsupported(
        "AuthorizationPolicy names what it means; it excludes nothing",
        s.googleAuthorization,
        "Name what is allowed.",
      ),
      "vpc-lattice": noLattice,
      proxy: native(s.envoyRbac),
    },
  ],
  [
    "authorization.when",
    "By token claim",
    "security",
    rulesThat((r) => r.when.length > 0),
    {
      istio: native(s.requestAuthentication),
      linkerd: noLinkerdJwt,
      appmesh: noAppmesh,
      gcsm: noJwt("the service mesh", s.googleAuthorization),
      "vpc-lattice": noLattice,
      proxy: native(s.envoyFilters),
    },
  ],
  [
    "authorization.defaultDeny",
    "Default deny",
    "security",
    function* (model) {
      for (const deny of model.policies.defaultDeny) yield deny.path;
    },
    {
      istio: native(s.authorizationPolicy),
      linkerd: native(s.linkerdPolicy),
      appmesh: noAppmesh,
      gcsm: emulated("a DENY policy without rules at every endpoint that nothing allows", "", s.googleAuthorization),
      "vpc-lattice": noLattice,
      proxy: native(s.envoyRbac),
    },
  ],
  [
    "jwt",
    "Verification of tokens (JWT)",
    "security",
    jwtThat(() => true),
    {
      istio: native(s.requestAuthentication),
      linkerd: noLinkerdJwt,
      appmesh: noJwt("App Mesh", s.appmeshNode),
      gcsm: noJwt("the service mesh", s.googleAuthorization),
      "vpc-lattice": noJwt("the service network", s.latticeAuth),
      proxy: native(s.envoyFilters),
    },
  ],
  [
    "jwt.required",
    "Refusal of requests without a token",
    "security",
    jwtThat((p) => p.required),
    {
      istio: emulated(
        "an AuthorizationPolicy that denies requests without a request principal",
        "answers 403, not 401",
        s.requestAuthentication,
      ),
      linkerd: noLinkerdJwt,
      appmesh: noJwt("App Mesh", s.appmeshNode),
      gcsm: noJwt("the service mesh", s.googleAuthorization),
      "vpc-lattice": noJwt("the service network", s.latticeAuth),
      proxy: native(s.envoyFilters),
    },
  ],
];
