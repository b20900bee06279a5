/** Envoy's RBAC messages to rules that judge requests. */
import * as leaf from "../authz/conditions";
import { CidrRange } from "../authz/cidr";
import { MetadataTest, valueTests, type ValueTest } from "../authz/metadata";
import { AllOf, always, AnyOf, never, Not, RbacRules, type Condition, type Policy } from "../authz/rbac";
import type { CompileContext } from "./compile-context";
import { compileHeader, compileString } from "./compile-match";
import type {
  CidrRange as CidrMessage,
  HeaderMatcher,
  PathMatcher,
  Permission,
  Principal,
  RbacRules as RulesMessage,
  SourcedMetadata,
  ValueMatcher,
} from "./messages";

/** Undefined after an error only: rules that say nothing still refuse or allow. */
export function compileRules(rules: RulesMessage, path: string, context: CompileContext): RbacRules {
  const policies: Policy[] = [...rules.policies].map(([name, { permissions, principals }]) => {
    const at = `${path}.policies[${JSON.stringify(name)}]`;
    return {
      name,
      permissions: any(permissions, `${at}.permissions`, (p, where) => permission(p, where, context)),
      principals: any(principals, `${at}.principals`, (p, where) => principal(p, where, context)),
    };
  });
  return new RbacRules(rules.action, policies);
}

type Compile<T> = (message: T, path: string) => Condition;

function list<T>(messages: readonly T[], path: string, compile: Compile<T>): Condition[] {
  return messages.map((message, i) => compile(message, `${path}[${i}]`));
}

function any<T>(messages: readonly T[], path: string, compile: Compile<T>): Condition {
  const parts = list(messages, path, compile);
  return parts.length === 1 ? (parts[0] as Condition) : new AnyOf(parts);
}

function permission(message: Permission, path: string, context: CompileContext): Condition {
  const inner: Compile<Permission> = (m, at) => permission(m, at, context);
  const { and_rules: and, or_rules: or, not_rule: not } = message;
  if (and !== undefined) return new AllOf(list(and.rules, `${path}.and_rules.rules`, inner));
  if (or !== undefined) return new AnyOf(list(or.rules, `${path}.or_rules.rules`, inner));
  if (not !== undefined) return new Not(inner(not, `${path}.not_rule`));
  if (message.destination_ip !== undefined)
    return range("destination", message.destination_ip, `${path}.destination_ip`, context);
  if (message.destination_port !== undefined) return leaf.destinationPort(message.destination_port);
  if (message.requested_server_name !== undefined) {
    const test = compileString(message.requested_server_name, `${path}.requested_server_name`, context);
    return test === undefined ? never : leaf.requestedServerName(test);
  }
  return shared(message, path, context);
}

function principal(message: Principal, path: string, context: CompileContext): Condition {
  const inner: Compile<Principal> = (m, at) => principal(m, at, context);
  const { and_ids: and, or_ids: or, not_id: not, authenticated } = message;
  if (and !== undefined) return new AllOf(list(and.ids, `${path}.and_ids.ids`, inner));
  if (or !== undefined) return new AnyOf(list(or.ids, `${path}.or_ids.ids`, inner));
  if (not !== undefined) return new Not(inner(not, `${path}.not_id`));
  if (authenticated !== undefined) {
    const { principal_name: name } = authenticated;
    if (name === undefined) return new leaf.Authenticated(undefined);
    const test = compileString(name, `${path}.authenticated.principal_name`, context);
    return test === undefined ? never : new leaf.Authenticated(test);
  }
  if (message.direct_remote_ip !== undefined)
    return range("direct", message.direct_remote_ip, `${path}.direct_remote_ip`, context);
  if (message.remote_ip !== undefined) return range("client", message.remote_ip, `${path}.remote_ip`, context);
  return shared(message, path, context);
}

/** What permissions and principals have in common. */
interface Shared {
  readonly any?: boolean;
  readonly header?: HeaderMatcher;
  readonly url_path?: PathMatcher;
  readonly sourced_metadata?: SourcedMetadata;
}

function shared(message: Shared, path: string, context: CompileContext): Condition {
  if (message.any !== undefined) return always;
  if (message.header !== undefined) {
    const test = compileHeader(message.header, `${path}.header`, context);
    return test === undefined ? never : leaf.header(test);
  }
  if (message.url_path !== undefined) {
    const test = message.url_path.path && compileString(message.url_path.path, `${path}.url_path.path`, context);
    return test === undefined ? never : leaf.urlPath(test);
  }
  if (message.sourced_metadata !== undefined)
    return metadata(message.sourced_metadata, `${path}.sourced_metadata`, context);
  context.error(path, "says nothing to match");
  return never;
}

function range(of: leaf.AddressOf, cidr: CidrMessage, path: string, context: CompileContext): Condition {
  const made = context.try(path, () => new CidrRange(cidr.address_prefix, cidr.prefix_len ?? 0));
  return made === undefined ? never : leaf.address(of, made);
}

function metadata(sourced: SourcedMetadata, path: string, context: CompileContext): Condition {
  const { filter, path: keys, value, invert } = sourced.metadata_matcher;
  const test = valueTest(value, `${path}.metadata_matcher.value`, context);
  if (test === undefined) return never;
  const segments = keys.map((segment) => segment.key ?? "");
  return new leaf.SourcedMetadata(sourced.metadata_source, new MetadataTest(filter, segments, test, invert));
}

function valueTest(matcher: ValueMatcher, path: string, context: CompileContext): ValueTest | undefined {
  if (matcher.string_match !== undefined) {
    const test = compileString(matcher.string_match, `${path}.string_match`, context);
    return test && valueTests.string(test);
  }
  if (matcher.bool_match !== undefined) return valueTests.bool(matcher.bool_match);
  if (matcher.present_match !== undefined) return valueTests.present(matcher.present_match);
  const item = matcher.list_match?.one_of;
  if (item !== undefined) {
    const test = valueTest(item, `${path}.list_match.one_of`, context);
    return test && valueTests.oneOf(test);
  }
  context.error(path, "says nothing to match");
  return undefined;
}
