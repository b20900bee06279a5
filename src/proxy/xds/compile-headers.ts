import type { HeaderRules } from "../routing/action";
import type { AppendAction, HeaderMutation } from "../routing/header-mutation";
import type { CompileContext } from "./compile-context";
import { headerFormat } from "./header-format";
import type { HeaderValueOption } from "./messages";

const actions: Record<HeaderValueOption["append_action"], AppendAction> = {
  APPEND_IF_EXISTS_OR_ADD: "append",
  ADD_IF_ABSENT: "add-if-absent",
  OVERWRITE_IF_EXISTS_OR_ADD: "overwrite",
  OVERWRITE_IF_EXISTS: "overwrite-if-exists",
};

/** The four header lists, as any level has them. */
export interface HeaderLists {
  readonly request_headers_to_add: readonly HeaderValueOption[];
  readonly request_headers_to_remove: readonly string[];
  readonly response_headers_to_add: readonly HeaderValueOption[];
  readonly response_headers_to_remove: readonly string[];
}

/** One level of a configuration, and its path. */
export interface Level {
  readonly lists: HeaderLists;
  readonly path: string;
}

/** In the order in which they apply; undefined when there are none. */
export function compileHeaderRules(levels: readonly Level[], context: CompileContext): HeaderRules | undefined {
  const rules: HeaderRules = {
    request: levels.flatMap(({ lists: l, path }) =>
      mutations(l.request_headers_to_add, l.request_headers_to_remove, `${path}.request_headers_to_add`, context),
    ),
    response: levels.flatMap(({ lists: l, path }) =>
      mutations(l.response_headers_to_add, l.response_headers_to_remove, `${path}.response_headers_to_add`, context),
    ),
  };
  return rules.request.length + rules.response.length === 0 ? undefined : rules;
}

export function mutations(
  add: readonly HeaderValueOption[],
  remove: readonly string[],
  path: string,
  context: CompileContext,
): HeaderMutation[] {
  return [
    ...remove.map((name) => ({ remove: name.toLowerCase() })),
    ...add.map((option, i) => ({
      name: option.header.key.toLowerCase(),
      // Bytes as Envoy writes them: the configuration's UTF-8, one character a byte.
      value: headerFormat(
        Buffer.from(option.header.value, "utf8").toString("latin1"),
        `${path}[${i}].header.value`,
        context,
      ),
      action: actions[option.append_action],
      keepEmpty: option.keep_empty_value,
    })),
  ];
}
