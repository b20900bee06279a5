import type { Check, Relatives } from "../src/checks";
import type { Estate } from "../src/facts";

/** Pulumi's words; `meshup policy check` calls them error, warning and off. */
export type Enforcement = "mandatory" | "advisory" | "disabled";
export const presetNames = ["baseline", "strict"] as const;
export type PresetName = (typeof presetNames)[number];

/** One row of the list of mesh policies: what it looks for in anything that is deployed, and what to do. */
export interface PolicyRule {
  /** Stable, never reused: MESH6001 and up. Findings of `checks` keep their own codes. */
  readonly code: string;
  /** The policy's name in configuration, and the file's. */
  readonly name: string;
  readonly title: string;
  /** What happens otherwise. */
  readonly why: string;
  /** What a compliant resource says. */
  readonly wanted: string;
  readonly remedy: string;
  /** `resource`: one resource suffices, and it is told before anything of it is made. */
  readonly scope: "resource" | "stack";
  readonly levels: Readonly<Record<PresetName, Enforcement>>;
  /** Why `baseline` does not ask it, where it does not. */
  readonly off?: string;
  readonly relatives: Relatives;
  /** Rules of `meshup validate` that say the same of a mesh file: they run on what is deployed as well. */
  readonly checks?: readonly Check[];
  readonly settings?: Readonly<Record<string, Setting>>;
  readonly run?: (estate: Estate, settings: Settings) => Iterable<RuleHit>;
  readonly example: Example;
}
export interface RuleHit {
  /** The check's that found it; default: the rule's. */
  readonly code?: string;
  /** `resource id#field`. */
  readonly path: string;
  readonly message: string;
  /** Default: the value at the path, where it is a plain one. */
  readonly found?: string;
  readonly wanted?: string;
}
/** Manifests, as the documentation shows them and the tests use them. */
export interface Example {
  readonly wrong: string;
  readonly right: string;
  /** Manifest (from 0) and field (`~` for a dot in a key) of `wrong`, or of `right`, without which nobody can tell. */
  readonly unknown: readonly [manifest: number, field: string, of?: "right"];
  /** For a rule that says nothing until something is allowed or limited. */
  readonly settings?: Settings;
}

export type Settings = Readonly<Record<string, string | number | readonly string[] | undefined>>;
/** A piece of JSON schema, as policy packs publish it. */
export interface Setting {
  readonly type: "string" | "number" | "array";
  readonly description: string;
  readonly default?: string | number | string[];
  readonly enum?: string[];
}
export const textSetting = (settings: Settings, name: string, fallback: string): string => {
  const value = settings[name];
  return typeof value === "string" ? value : fallback;
};
export const numberSetting = (settings: Settings, name: string, fallback: number): number => {
  const value = settings[name];
  return typeof value === "number" ? value : fallback;
};
export const listSetting = (settings: Settings, name: string): readonly string[] => {
  const value = settings[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
};
