import type { ConfigError } from "./messages";
import type { Place } from "./place";

/** Collects what is wrong, with paths; stops collecting at a bound, since a hostile file can be wrong a million times. */
export class ErrorList {
  readonly items: ConfigError[] = [];
  private static readonly limit = 200;

  add(path: string | Place, message: string): void {
    if (this.items.length < ErrorList.limit) this.items.push({ path: path.toString(), message });
  }
}

export function member(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

export function element(path: string, index: number): string {
  return `${path}[${index}]`;
}
