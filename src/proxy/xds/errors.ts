import type { ConfigError } from "./messages";

/** Collects what is wrong, with paths; stops collecting at a bound, since a hostile file can be wrong a million times. */
export class ErrorList {
  readonly items: ConfigError[] = [];
  private static readonly limit = 200;

  add(path: string, message: string): void {
    if (this.items.length < ErrorList.limit) this.items.push({ path, message });
  }
}

export function member(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

export function element(path: string, index: number): string {
  return `${path}[${index}]`;
}

export function entry(path: string, key: string): string {
  return `${path}[${JSON.stringify(key)}]`;
}
