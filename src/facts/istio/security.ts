import type { AuthorizationRule, MtlsMode } from "../../model/model";
import { anyOperation, anySource, type Draft } from "../draft";
import { fields, inside, isFields, items, text, texts, type Fields } from "../read";
import { isLater, type RawResource } from "../resource";
import { ROOT_NAMESPACE, selection, targetOf } from "./selection";

const modes = new Set<unknown>(["STRICT", "PERMISSIVE", "DISABLE"]);
const modeOf = (value: unknown): MtlsMode | undefined => (modes.has(value) ? (value as MtlsMode) : undefined);

export function peerAuthentication(resource: RawResource, draft: Draft): void {
  const { id, name, namespace, body } = resource;
  const spec = fields(body.spec);
  const own = targetOf(resource, spec.selector);
  const written = modeOf(inside(spec, "mtls", "mode"));
  selection(resource, inside(spec, "selector", "matchLabels"), "spec.selector", draft);
  if (namespace === ROOT_NAMESPACE && !own.selector) {
    if (written) draft.mesh.mode = written;
    draft.mesh.path = `${id}#spec.mtls.mode`;
    return;
  }
  draft.mtls.push({
    path: `${id}#spec.mtls`,
    name,
    namespace,
    target: own,
    // Unset inherits: what a wider policy says, which is the mesh's own here.
    mode: written ?? draft.mesh.mode,
    ports: Object.entries(fields(spec.portLevelMtls)).flatMap(([port, value]) => {
      const mode = modeOf(inside(value, "mode"));
      return mode ? [{ path: `${id}#spec.portLevelMtls.${port}.mode`, port: Number(port), mode }] : [];
    }),
  });
}

export function authorization(resource: RawResource, draft: Draft): void {
  const { id, name, namespace, body } = resource;
  const spec = fields(body.spec);
  const action = text(spec.action) ?? "ALLOW";
  if (action !== "ALLOW" && action !== "DENY" && action !== "AUDIT") return;
  const own = targetOf(resource, spec.selector);
  selection(resource, inside(spec, "selector", "matchLabels"), "spec.selector", draft);
  for (const { item, path } of [
    ...items(spec.targetRefs, `${id}#spec.targetRefs`),
    ...(isFields(spec.targetRef) ? [{ item: spec.targetRef, path: `${id}#spec.targetRef` }] : []),
  ]) {
    const group = text(item.group) ?? "";
    draft.raw.references.push({
      path,
      type: `${group === "" ? "core" : group}/${text(item.kind) ?? ""}`,
      namespace,
      name: text(item.name) ?? "",
      use: "authorization",
    });
  }
  if (spec.targetRefs !== undefined || spec.targetRef !== undefined) return;
  const rules = items(spec.rules, `${id}#spec.rules`).map(({ item, path }) => authorizationRule(item, path));
  const closes = action === "ALLOW" && rules.length === 0 && !own.selector;
  if (closes)
    draft.defaultDeny.push({
      path: id,
      namespace: namespace === ROOT_NAMESPACE || isLater(namespace) ? "*" : namespace,
    });
  else draft.authorization.push({ path: id, name, namespace, target: own, action, rules });
}
function authorizationRule(rule: Fields, path: string): AuthorizationRule {
  return {
    path,
    from: items(rule.from, `${path}.from`).map(({ item, path: at }) => {
      const source = fields(item.source);
      return {
        ...anySource(`${at}.source`),
        principals: texts(source.principals),
        namespaces: texts(source.namespaces),
        ipBlocks: [...texts(source.ipBlocks), ...texts(source.remoteIpBlocks)],
        requestPrincipals: texts(source.requestPrincipals),
        not: {
          principals: texts(source.notPrincipals),
          namespaces: texts(source.notNamespaces),
          ipBlocks: texts(source.notIpBlocks),
        },
      };
    }),
    to: items(rule.to, `${path}.to`).map(({ item, path: at }) => {
      const operation = fields(item.operation);
      const ports = (value: unknown): number[] => texts(value).map(Number).filter(Number.isInteger);
      return {
        ...anyOperation(`${at}.operation`),
        methods: texts(operation.methods),
        paths: texts(operation.paths),
        ports: ports(operation.ports),
        hosts: texts(operation.hosts),
        not: {
          methods: texts(operation.notMethods),
          paths: texts(operation.notPaths),
          ports: ports(operation.notPorts),
        },
      };
    }),
    when: items(rule.when, `${path}.when`).flatMap(({ item, path: at }) => {
      const claim = /^request\.auth\.claims\[(.*)\]$/.exec(text(item.key) ?? "")?.[1];
      const negate = item.values === undefined;
      return claim === undefined
        ? []
        : [{ path: at, claim, values: texts(negate ? item.notValues : item.values), negate }];
    }),
  };
}

export function requestAuthentication(resource: RawResource, draft: Draft): void {
  const { id, name, namespace, body } = resource;
  const spec = fields(body.spec);
  selection(resource, inside(spec, "selector", "matchLabels"), "spec.selector", draft);
  for (const { item, path } of items(spec.jwtRules, `${id}#spec.jwtRules`))
    draft.jwt.push({
      path,
      name,
      namespace,
      target: targetOf(resource, spec.selector),
      issuer: text(item.issuer) ?? "",
      audiences: texts(item.audiences),
      jwksUri: text(item.jwksUri),
      jwks: text(item.jwks),
      fromHeaders: [],
      forward: item.forwardOriginalToken === true,
      required: false,
    });
}
