import { z } from "zod";
import { DEFAULTS as D } from "../defaults";
import {
  dnsLabel,
  headerName,
  labels,
  leaf,
  mtlsMode,
  name,
  optional,
  port,
  reference,
  required,
  text,
} from "./fields";

const namespace = optional(dnsLabel, "Kubernetes namespace of the policy", "its target's");
const target = z.strictObject({
  service: optional(reference, "The workloads of this service; one of service, selector and namespace alone"),
  selector: optional(labels, "The workloads that carry these labels"),
  namespace: optional(dnsLabel, "The namespace meant", "the policy's"),
});
const attached = {
  name: required(name, "Name of the policy"),
  namespace,
  target: optional(target, "What it applies to; the whole namespace when left out"),
  selector: optional(labels, "Short for target: { selector }"),
};

export const mtlsPolicy = z.strictObject({
  ...attached,
  mode: optional(
    mtlsMode,
    "STRICT: only mTLS; PERMISSIVE: plain text too; DISABLE: only plain text",
    "that of the namespace's policy, or of the mesh",
  ),
  ports: optional(
    z.record(z.string().regex(/^\d{1,5}$/, "expected a port"), mtlsMode),
    "Modes by the workload's own port (targetPort); needs a service or a selector",
    {},
  ),
});

const texts = z.array(text);
const from = z.strictObject({
  service: optional(reference, "Short for one entry of services"),
  services: optional(z.array(reference), "The identities of these services' workloads", []),
  principals: optional(texts, "SPIFFE IDs without scheme: cluster.local/ns/shop/sa/web; * at either end", []),
  namespaces: optional(z.array(dnsLabel), "Namespaces of the callers", []),
  ipBlocks: optional(texts, "Addresses or CIDR blocks of the callers", []),
  requestPrincipals: optional(texts, "issuer/subject of a valid token; * at either end", []),
  not: optional(
    z.strictObject({
      principals: optional(texts, "None of these identities", []),
      namespaces: optional(z.array(dnsLabel), "None of these namespaces", []),
      ipBlocks: optional(texts, "None of these addresses", []),
    }),
    "What the caller must not be",
    {},
  ),
});
const operations = {
  methods: optional(texts, "HTTP methods", []),
  paths: optional(texts, "Paths, exact or with * at either end; for gRPC /package.Service/Method", []),
  ports: optional(z.array(port), "The workload's own ports (targetPort)", []),
};
const to = z.strictObject({
  ...operations,
  hosts: optional(texts, "Hosts, exact or with * at either end", []),
  not: optional(z.strictObject(operations), "What the request must not be", {}),
});
const when = z.strictObject({
  claim: required(text, "Claim of the token; nested ones with dots"),
  values: required(texts.min(1, "expected at least one value"), "Any of these values"),
  negate: optional(z.boolean(), "None of these values", D.negate),
});

export const authorizationPolicy = z.strictObject({
  ...attached,
  action: optional(
    z.enum(["ALLOW", "DENY", "AUDIT"]),
    "What happens to what matches; DENY goes before ALLOW, AUDIT only logs",
    D.authorizationAction,
  ),
  rules: optional(
    z.array(
      z.strictObject({
        from: optional(z.array(from), "Any of these callers; empty: every caller", []),
        to: optional(z.array(to), "Any of these operations; empty: every one", []),
        when: optional(z.array(when), "All of these conditions on the token; empty: none", []),
      }),
    ),
    "Any of these; ALLOW with none allows nothing",
    [],
  ),
});

export const jwtPolicy = z.strictObject({
  ...attached,
  issuer: required(text, "The iss of tokens that count"),
  audiences: optional(texts, "Any of these aud; empty: every audience", []),
  jwksUri: optional(leaf, "Where the issuer's keys are; one of jwksUri and jwks"),
  jwks: optional(text, "The issuer's keys themselves, as JSON"),
  fromHeaders: optional(
    z.array(
      z.strictObject({
        name: required(headerName, "Header that carries the token"),
        prefix: optional(z.string(), "What stands before the token", D.jwt.ownHeaderPrefix),
      }),
    ),
    "Headers that may carry the token",
    [`${D.jwt.header}: ${D.jwt.prefix.trim()}`],
  ),
  forward: optional(z.boolean(), "The token is passed on to the service", D.jwt.forward),
  required: optional(z.boolean(), "Requests without a token are refused; false: only bad tokens are", D.jwt.required),
});

export const policies = z.strictObject({
  mtls: optional(z.array(mtlsPolicy), "mTLS modes by namespace, service, selector and port", []),
  authorization: optional(z.array(authorizationPolicy), "Who may call what", []),
  jwt: optional(z.array(jwtPolicy), "Which tokens count", []),
  defaultDeny: optional(
    z.union([z.boolean(), z.array(z.union([dnsLabel, z.literal("*")]))], {
      error: "expected true, or a list of namespaces",
    }),
    "Namespaces where what no ALLOW names is refused; true: all of them",
    D.defaultDeny,
  ),
});
