/** Reads a whole configuration: text or value to a typed Bootstrap, or everything that is wrong with it. */
import { checkAddresses } from "./addresses";
import { ErrorList } from "./errors";
import { readInto } from "./json";
import { JsonSyntaxError, parseJson } from "./json-text";
import type { Bootstrap, BootstrapResult, ConfigSourceText, ReadOptions } from "./messages";

/**
 * Reads a bootstrap in JSON, or in YAML where `parseYaml` is given and the text is not JSON. Unknown fields, fields outside
 * the subset and broken constraints are errors, each with its path; all are collected. Never throws for a bad text.
 */
export function readBootstrap(source: ConfigSourceText, options: ReadOptions = {}): BootstrapResult {
  const errors = new ErrorList();
  let value: unknown;
  try {
    value = "value" in source ? source.value : parseText(source.text, options);
  } catch (error) {
    const reason = error instanceof JsonSyntaxError || error instanceof Error ? error.message : String(error);
    return { ok: false, errors: [{ path: "", message: `cannot be parsed: ${reason}` }] };
  }
  const bootstrap = readInto("envoy.config.bootstrap.v3.Bootstrap", value, "", errors) as Bootstrap;
  // A message that was read in part has been judged already.
  if (errors.items.length === 0) checkAddresses(bootstrap, errors);
  return errors.items.length > 0 ? { ok: false, errors: errors.items } : { ok: true, bootstrap };
}

function parseText(text: string, { parseYaml }: ReadOptions): unknown {
  const looksLikeJson = /^\uFEFF?\s*[{[]/.test(text);
  return parseYaml && !looksLikeJson ? parseYaml(text) : parseJson(text);
}
