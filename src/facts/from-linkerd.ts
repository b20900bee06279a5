import type { AuthorizationRule, Target } from "../model/model";
import { anySource, type Draft } from "./draft";
import { fields, inside, items, labelsIn, text, texts } from "./read";
import type { RawResource } from "./resource";
import type { Resources } from "./resources";

const POLICY = "policy.linkerd.io";

/** Linkerd's policies: a Server closes its port, and an AuthorizationPolicy opens it for whom it names. */
export function fromLinkerd(resources: Resources, draft: Draft): void {
  for (const resource of resources.of(`${POLICY}/Server`)) server(resource, draft);
  for (const resource of resources.of(`${POLICY}/AuthorizationPolicy`)) authorization(resource, resources, draft);
  for (const { id, name, annotations } of resources.of("core/Namespace"))
    if (annotations["config.linkerd.io/default-inbound-policy"] === "deny")
      draft.defaultDeny.push({ path: `${id}#metadata.annotations`, namespace: name });
  for (const { id, namespace, name, body } of resources.of(`${POLICY}/EgressNetwork`))
    draft.raw.egress.push({
      path: `${id}#spec.trafficPolicy`,
      open: text(inside(body, "spec", "trafficPolicy")) !== "Deny",
      scope: `namespace ${namespace} (${name})`,
    });
}

const selectorOf = (resource: RawResource): Target => {
  const labels = labelsIn(inside(resource.body, "spec", "podSelector", "matchLabels"));
  return Object.keys(labels).length > 0
    ? { namespace: resource.namespace, selector: labels }
    : { namespace: resource.namespace };
};
function server(resource: RawResource, draft: Draft): void {
  const { id, name, namespace, body } = resource;
  const target = selectorOf(resource);
  draft.raw.selectors.push({
    path: `${id}#spec.podSelector`,
    kind: "Server",
    namespace,
    labels: target.selector ?? {},
    anywhere: false,
  });
  const access = text(inside(body, "spec", "accessPolicy")) ?? "deny";
  if (access === "deny") draft.authorization.push({ path: id, name, namespace, target, action: "ALLOW", rules: [] });
}

function authorization(resource: RawResource, resources: Resources, draft: Draft): void {
  const { id, name, namespace, body } = resource;
  const ref = fields(inside(body, "spec", "targetRef"));
  const kind = text(ref.kind) ?? "";
  const group = text(ref.group) ?? "core";
  const targetName = text(ref.name) ?? "";
  if (kind !== "Namespace")
    draft.raw.references.push({
      path: `${id}#spec.targetRef`,
      type: `${group}/${kind}`,
      namespace,
      name: targetName,
      use: "authorization",
    });
  const rules: AuthorizationRule[] = [];
  for (const { item, path } of items(
    inside(body, "spec", "requiredAuthenticationRefs"),
    `${id}#spec.requiredAuthenticationRefs`,
  )) {
    const authenticationKind = text(item.kind) ?? "";
    const owner = text(item.namespace) ?? namespace;
    const referred = text(item.name) ?? "";
    const type = authenticationKind === "ServiceAccount" ? "core/ServiceAccount" : `${POLICY}/${authenticationKind}`;
    // The default account is in every namespace without being written.
    if (!(authenticationKind === "ServiceAccount" && referred === "default"))
      draft.raw.references.push({ path, type, namespace: owner, name: referred, use: "authorization" });
    const authentication = resources.get(type, owner, referred);
    rules.push({
      path,
      from: [
        {
          ...anySource(path),
          principals: authentication ? texts(inside(authentication.body, "spec", "identities")).map(principal) : [],
        },
      ],
      to: [],
      when: [],
    });
    for (const { item: account, path: at } of items(
      inside(authentication?.body, "spec", "identityRefs"),
      `${authentication?.id ?? id}#spec.identityRefs`,
    ))
      if (account.kind === "ServiceAccount" && account.name !== "default" && text(account.name) !== undefined)
        draft.raw.references.push({
          path: at,
          type: "core/ServiceAccount",
          namespace: text(account.namespace) ?? owner,
          name: text(account.name) ?? "",
          use: "authorization",
        });
  }
  const server = resources.get(`${POLICY}/Server`, namespace, targetName);
  const target = kind === "Server" && server ? selectorOf(server) : { namespace };
  if (kind === "Server" ? server !== undefined : kind === "Namespace")
    draft.authorization.push({ path: id, name, namespace, target, action: "ALLOW", rules });
}

/** `cart.shop.serviceaccount.identity.linkerd.cluster.local` in the words of SPIFFE. */
function principal(identity: string): string {
  const match = /^([^.]+)\.([^.]+)\.serviceaccount\.identity\.[^.]+\.(.+)$/.exec(identity);
  const [, account = "", namespace = "", domain = ""] = match ?? [];
  return match ? `${domain}/ns/${namespace}/sa/${account}` : identity;
}
