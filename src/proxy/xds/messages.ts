/**
 * The typed plain messages that the reader gives and `compile` takes: the supported subset of Envoy's v3 API, generated
 * from subset.txt. Names are Envoy's JSON names. As in proto3, lists, maps, scalars and enums without presence are
 * always there (with their zero value); messages, wrappers and members of a one-of are optional. Durations are
 * milliseconds, an Any is a union told apart by `@type` (the message's full name).
 */
export * from "./generated/messages";
import type { Bootstrap } from "./generated/messages";

/** One thing wrong with a configuration: where (`static_resources.listeners[0].name`) and what. */
export interface ConfigError {
  readonly path: string;
  readonly message: string;
}

export type ReadResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errors: readonly ConfigError[] };

export type BootstrapResult =
  | { readonly ok: true; readonly bootstrap: Bootstrap }
  | { readonly ok: false; readonly errors: readonly ConfigError[] };

/** Text in JSON (or YAML, where a parser is given), or a value that was parsed already. */
export type ConfigSourceText = { readonly text: string } | { readonly value: unknown };

export interface ReadOptions {
  /** Parses YAML into plain values; without it only JSON is read, so that a bundle need not carry a YAML parser. */
  readonly parseYaml?: (text: string) => unknown;
}

/** The signature of `readBootstrap` (bootstrap.ts); `readMessage` (json.ts) does the same for any supported message. */
export type ReadBootstrap = (source: ConfigSourceText, options?: ReadOptions) => BootstrapResult;
