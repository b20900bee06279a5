import { type Code, finding } from "../codes";
import type { Finding } from "../finding";
import type { Port, Ref } from "../model";
import { at } from "../path";
import { RefMap } from "../ref-map";
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

/** Names of one kind: gateways may be called as services are. */
class Names {
  readonly known = new RefMap<Named>();
  readonly byName = new Map<string, Named[]>();
}

/** At most so many suggestions are looked for: a file with thousands of wrong names has another problem. */
const SUGGESTIONS = 50;

/** What every part of `resolve` shares: the spec, the names in it, and the findings so far. */
export class Context {
  readonly findings: Finding[] = [];
  private readonly names = { service: new Names(), gateway: new Names() };
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
    const names = this.names[named.kind === "gateway" ? "gateway" : "service"];
    const first = names.known.get(named);
    if (first !== undefined) {
      const message = `${named.name} is already the name of ${first.path} in namespace ${named.namespace}`;
      this.report("MESH0020", at(named.path, "name"), message, "Give one of them another name.");
      return;
    }
    names.known.set(named, named);
    const same = names.byName.get(named.name);
    if (same === undefined) names.byName.set(named.name, [named]);
    else same.push(named);
    this.mention(named.namespace, named.path);
  }

  /**
   * What a reference names: a bare name is looked up in `from`, then in the mesh's namespace, then anywhere, where
   * it must be the only one.
   */
  find(ref: ReferenceSpec, from: string, path: string, kind: "service" | "gateway" = "service"): Named | undefined {
    const { known, byName } = this.names[kind];
    const name = typeof ref === "string" ? ref : ref.name;
    const namespace = typeof ref === "string" ? undefined : ref.namespace;
    const found =
      namespace === undefined ? (known.at(from, name) ?? known.at(this.namespace, name)) : known.at(namespace, name);
    if (found !== undefined) return found;
    const same = byName.get(name) ?? [];
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
    this.report(code, path, `unknown ${what} ${name}${inside}`, elsewhere ?? this.suggest(name, kind));
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
    if (port === undefined && named.ports.length === 1) return named.ports[0]?.port;
    const ports = named.ports.map((each) => each.port);
    if (port !== undefined) {
      if (ports.includes(port)) return port;
      const target = named.ports.find((each) => each.targetPort === port);
      const remedy =
        target === undefined ? `It has ${ports.join(", ")}.` : `${port} is a targetPort; write port: ${target.port}.`;
      this.report("MESH0023", at(path, "port"), `${named.name} has no port ${port}`, remedy);
      return undefined;
    }
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
  unique<T>(
    kind: string,
    items: readonly T[],
    nameOf: (item: T, index: number) => string | number,
    pathOf: (item: T, index: number) => string,
  ): void {
    if (items.length < 2) return;
    const seen = new Map<string | number, number>();
    for (const [index, item] of items.entries()) {
      const name = nameOf(item, index);
      const first = seen.get(name);
      if (first === undefined) seen.set(name, index);
      else {
        const place = pathOf(items[first] as T, first);
        this.report(
          "MESH0020",
          pathOf(item, index),
          `the ${kind} ${name} is already at ${place}`,
          "Change one of them.",
        );
      }
    }
  }

  /** Exactly one of several keys; gives its name. With `none` allowed, at most one. */
  oneOf<K extends string>(
    value: Readonly<Partial<Record<K, unknown>>>,
    keys: readonly K[],
    path: string,
    none: "none allowed" | "needed" = "needed",
  ): K | undefined {
    let [only, count] = [undefined as K | undefined, 0];
    for (const key of keys) {
      if (value[key] === undefined) continue;
      only ??= key;
      count++;
    }
    if (count === 1) return only;
    if (count > 1) {
      const written = keys.filter((key) => value[key] !== undefined);
      this.report("MESH0036", path, `${written.join(" and ")} exclude each other`, "Keep one of them.");
    } else if (none === "needed") {
      this.report("MESH0036", path, `one of ${keys.join(", ")} is needed`, "Add one of them.");
    }
    return undefined;
  }

  private suggest(name: string, kind: "service" | "gateway"): string {
    if (++this.suggestions > SUGGESTIONS) return "Declare it, or mend the name.";
    return didYouMean(name, [...this.names[kind].byName.keys()]);
  }
}

/** A duration that was written, or its default, in milliseconds. */
export const ms = (written: string | undefined, byDefault: string): number => parseDuration(written ?? byDefault);
export const msOrNone = (written: string | undefined): number | undefined =>
  written === undefined ? undefined : parseDuration(written);
