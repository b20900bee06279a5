import { type Code, finding } from "../codes";
import type { Finding } from "../finding";
import { keyOf, type Port, type Ref } from "../model";
import { at } from "../path";
import type { ReferenceSpec } from "../schema";
import type { MeshSpec } from "../schema/mesh";
import { didYouMean } from "../suggest";
import { parseDuration } from "../units";

/** What a reference may name. */
export interface Named extends Ref {
  readonly kind: "service" | "external" | "gateway";
  readonly path: string;
  readonly ports: readonly Port[];
  readonly versions: readonly string[];
}

/** At most so many suggestions are looked for: a file with thousands of wrong names has another problem. */
const SUGGESTIONS = 50;

/** What every part of `resolve` shares: the spec, the names in it, and the findings so far. */
export class Context {
  readonly findings: Finding[] = [];
  private readonly known = new Map<string, Named>();
  private readonly byName = new Map<string, Named[]>();
  /** Where each namespace was first named. */
  readonly namespaces = new Map<string, string>();
  private suggestions = 0;

  constructor(
    readonly spec: MeshSpec,
    readonly namespace: string,
  ) {
    this.mention(namespace, "metadata.namespace");
  }

  report(code: Code, path: string, message: string, remedy: string): void {
    this.findings.push(finding(code, path, message, remedy));
  }

  mention(namespace: string, path: string): void {
    if (!this.namespaces.has(namespace)) this.namespaces.set(namespace, path);
  }

  /** Makes a service, external service or gateway known by name. */
  declare(named: Named): void {
    const space = named.kind === "gateway" ? "gateway " : "";
    const key = space + keyOf(named);
    const first = this.known.get(key);
    if (first !== undefined) {
      const message = `${named.name} is already the name of ${first.path} in namespace ${named.namespace}`;
      this.report("MESH0020", at(named.path, "name"), message, "Give one of them another name.");
      return;
    }
    this.known.set(key, named);
    const same = this.byName.get(space + named.name);
    if (same === undefined) this.byName.set(space + named.name, [named]);
    else same.push(named);
    this.mention(named.namespace, named.path);
  }

  /**
   * What a reference names: a bare name is looked up in `from`, then in the mesh's namespace, then anywhere, where
   * it must be the only one.
   */
  find(ref: ReferenceSpec, from: string, path: string, kind: "service" | "gateway" = "service"): Named | undefined {
    const space = kind === "gateway" ? "gateway " : "";
    const name = typeof ref === "string" ? ref : ref.name;
    const namespace = typeof ref === "string" ? undefined : ref.namespace;
    const lookup = (where: string) => this.known.get(space + keyOf({ name, namespace: where }));
    const found = namespace === undefined ? (lookup(from) ?? lookup(this.namespace)) : lookup(namespace);
    if (found !== undefined) return found;
    const same = this.byName.get(space + name) ?? [];
    if (namespace === undefined && same.length === 1) return same[0];
    if (namespace === undefined && same.length > 1) {
      const where = same.map((one) => one.namespace).join(", ");
      const message = `${name} is in several namespaces: ${where}`;
      this.report(
        "MESH0026",
        path,
        message,
        `Write { name: ${name}, namespace: ${same[0]?.namespace} }, or the other.`,
      );
      return undefined;
    }
    const what = kind === "gateway" ? "gateway" : "service";
    const inside = namespace === undefined ? "" : ` in namespace ${namespace}`;
    const elsewhere = same[0] === undefined ? undefined : `It is in namespace ${same[0].namespace}.`;
    const code = kind === "gateway" ? "MESH0025" : "MESH0021";
    this.report(code, path, `unknown ${what} ${name}${inside}`, elsewhere ?? this.suggest(name, space));
    return undefined;
  }

  /** The same for what must be one of the mesh's own services. */
  findOwn(ref: ReferenceSpec, from: string, path: string): Named | undefined {
    const found = this.find(ref, from, path);
    if (found === undefined || found.kind === "service") return found;
    const message = `${found.name} is outside the mesh, so it has no workloads here`;
    this.report("MESH0029", path, message, "Name a service of the mesh.");
    return undefined;
  }

  /** A port that a reference leaves out is the only one there is. */
  port(named: Named, port: number | undefined, path: string): number | undefined {
    const ports = named.ports.map((each) => each.port);
    if (port !== undefined) {
      if (ports.includes(port)) return port;
      const target = named.ports.find((each) => each.targetPort === port);
      const remedy =
        target === undefined ? `It has ${ports.join(", ")}.` : `${port} is a targetPort; write port: ${target.port}.`;
      this.report("MESH0023", at(path, "port"), `${named.name} has no port ${port}`, remedy);
      return undefined;
    }
    if (ports.length === 1) return ports[0];
    if (ports.length > 1) {
      const message = `${named.name} has several ports, so which one must be said`;
      this.report("MESH0024", path, message, `Add port: one of ${ports.join(", ")}.`);
    }
    return undefined;
  }

  version(named: Named, version: string | undefined, path: string): boolean {
    if (version === undefined || named.versions.includes(version)) return true;
    const message = `${named.name} has no version ${version}`;
    const remedy =
      named.kind === "external"
        ? "An external service has no versions: leave it out."
        : didYouMean(version, named.versions);
    this.report("MESH0022", at(path, "version"), message, remedy);
    return false;
  }

  /** Reports what is named twice in one list. */
  unique(kind: string, names: Iterable<readonly [name: string | number, path: string]>): void {
    const seen = new Map<string | number, string>();
    for (const [name, path] of names) {
      const first = seen.get(name);
      if (first === undefined) seen.set(name, path);
      else this.report("MESH0020", path, `the ${kind} ${name} is already at ${first}`, "Change one of them.");
    }
  }

  /** Exactly one of several keys; gives its name. With `none` allowed, at most one. */
  oneOf<K extends string>(
    value: Readonly<Partial<Record<K, unknown>>>,
    keys: readonly K[],
    path: string,
    none: "none allowed" | "needed" = "needed",
  ): K | undefined {
    const written = keys.filter((key) => value[key] !== undefined);
    if (written.length === 1) return written[0];
    if (written.length > 1) {
      this.report("MESH0036", path, `${written.join(" and ")} exclude each other`, "Keep one of them.");
    } else if (none === "needed") {
      this.report("MESH0036", path, `one of ${keys.join(", ")} is needed`, "Add one of them.");
    }
    return undefined;
  }

  private suggest(name: string, space: string): string {
    if (++this.suggestions > SUGGESTIONS) return "Declare it, or mend the name.";
    const names: string[] = [];
    for (const key of this.byName.keys()) {
      if (key.startsWith("gateway ") === (space !== "")) names.push(key.slice(space.length));
    }
    return didYouMean(name, names);
  }
}

/** A duration that was written, or its default, in milliseconds. */
export const ms = (written: string | undefined, byDefault: string): number => parseDuration(written ?? byDefault);
export const msOrNone = (written: string | undefined): number | undefined =>
  written === undefined ? undefined : parseDuration(written);
