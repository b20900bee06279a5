import { isAbsolute, join, relative } from "node:path";
import * as pulumi from "@pulumi/pulumi";

/** Reads the config of the current stack, and remembers everything that is wrong with it. */
export class StackConfig {
  readonly #values = new Map<string, string>();
  readonly #problems: string[] = [];
  readonly #known: string[] = [];

  constructor(readonly project = pulumi.getProject()) {
    for (const [key, value] of Object.entries(pulumi.runtime.allConfig()))
      if (key.startsWith(`${project}:`)) this.#values.set(key.slice(project.length + 1), value);
  }

  /** One of a few words. */
  oneOf<T extends string>(key: string, allowed: readonly T[], byDefault?: T): T {
    const value = this.#read(key) ?? byDefault;
    const found = allowed.find((word) => word === value);
    if (found === undefined) this.#refuse(key, value, `one of ${allowed.join(", ")}`);
    return found ?? (allowed[0] as T);
  }

  /** A whole number. */
  integer(key: string, { min, max }: { readonly min: number; readonly max: number }, byDefault: number): number {
    const text = this.#read(key);
    const value = text === undefined ? byDefault : /^-?\d+$/.test(text) ? Number(text) : NaN;
    if (!(value >= min && value <= max)) this.#refuse(key, text, `a whole number from ${min} to ${max}`);
    return value;
  }

  /** Any text. */
  text(key: string, byDefault: string): string {
    return this.#read(key) ?? byDefault;
  }

  /** Text of one form; `allowed` names the form in words. */
  matching(key: string, pattern: RegExp, allowed: string, byDefault?: string): string {
    const value = this.#read(key) ?? byDefault;
    if (value === undefined || !pattern.test(value)) this.#refuse(key, value, allowed);
    return value ?? "";
  }

  /** Throws all that is wrong, a key that was never asked for included, as one error without a stack trace. */
  done(file: string): void {
    for (const key of this.#values.keys())
      if (!this.#known.includes(key))
        this.#problems.push(
          `${this.project}:${key} is not a key of this program, which reads ${this.#known.join(", ")}`,
        );
    if (this.#problems.length > 0)
      throw new pulumi.RunError(`MESH4010: ${file}:${this.#problems.map((problem) => `\n  ${problem}`).join("")}`);
  }

  #read(key: string): string | undefined {
    this.#known.push(key);
    return this.#values.get(key);
  }

  #refuse(key: string, value: string | undefined, allowed: string): void {
    const is = value === undefined ? "is missing" : `is ${JSON.stringify(value)}`;
    this.#problems.push(`${this.project}:${key} ${is}; allowed: ${allowed}`);
  }
}

/** Reads a stack's config in one go. `directory` is where the Pulumi.<stack>.yaml files lie, for the errors. */
export function readConfig<T>(directory: string, read: (config: StackConfig) => T): T {
  const config = new StackConfig();
  const value = read(config);
  const root = pulumi.getRootDirectory();
  const shown = isAbsolute(root) ? relative(root, directory) : directory;
  config.done(join(shown, `Pulumi.${pulumi.getStack()}.yaml`));
  return value;
}
