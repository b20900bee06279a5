/** Reads a whole configuration: text or value to a typed Bootstrap, or everything that is wrong with it. */
import { checkAddresses } from "./addresses";
import { ErrorList } from "./errors";
import { readSteps } from "./json";
import { parseJson } from "./json-text";
import type { BootstrapResult, ConfigSourceText, ReadOptions } from "./messages";
import { allAtOnce, type Steps } from "./steps";

/**
 * Reads a bootstrap in JSON, or in YAML where `parseYaml` is given and the text is not JSON. Unknown fields, fields outside
 * the subset and broken constraints are errors, each with its path; all are collected. Never throws for a bad text.
 */
export function readBootstrap(source: ConfigSourceText, options: ReadOptions = {}): BootstrapResult {
  return allAtOnce(bootstrapSteps(source, options));
}

/** As readBootstrap, with rests. YAML is parsed without one. */
export function* bootstrapSteps(source: ConfigSourceText, options: ReadOptions = {}): Steps<BootstrapResult> {
  const errors = new ErrorList();
  let value: unknown;
  try {
    value = "value" in source ? source.value : yield* parseText(source.text, options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, errors: [{ path: "", message: `cannot be parsed: ${reason}` }] };
  }
  const bootstrap = yield* readSteps("envoy.config.bootstrap.v3.Bootstrap", value, errors);
  // A message that was read in part has been judged already.
  if (errors.items.length === 0) checkAddresses(bootstrap, errors);
  return errors.items.length > 0 ? { ok: false, errors: errors.items } : { ok: true, bootstrap };
}

function* parseText(text: string, { parseYaml }: ReadOptions): Steps<unknown> {
  const looksLikeJson = /^\uFEFF?\s*[{[]/.test(text);
  return parseYaml && !looksLikeJson ? parseYaml(text) : yield* parseJson(text);
}
