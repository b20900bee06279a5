import type { Gateway, Labels, Port, Ref, Service, Target } from "../model";
import { LabelIndex } from "../label-index";
import { selects } from "../lookup";
import { at } from "../path";
import type { MtlsPolicySpec } from "../schema";
import type { Context } from "./context";

/** Pods that policies can select, as far as the model tells. */
interface Pods {
  readonly labels: Labels;
  readonly ports: readonly Port[];
}
export interface ResolvedTarget {
  readonly namespace: string;
  readonly target: Target;
  /** The workloads' ports it can mean; undefined where any will do. */
  readonly ports?: readonly Port[];
}

/** Resolves what policies apply to, without looking at every workload for each. */
export class Targets {
  private byLabel: LabelIndex<Pods> | undefined;
  private readonly inhabited = new Set<string>();
  private readonly portsOf = new Map<string, readonly Port[]>();

  constructor(
    private readonly services: readonly Service[],
    private readonly gateways: readonly Gateway[],
    private readonly context: Context,
  ) {
    for (const service of services) {
      this.portsOf.set(service.path, service.ports);
      this.inhabited.add(service.namespace);
    }
    for (const { namespace } of gateways) this.inhabited.add(namespace);
    for (const { name } of context.spec.namespaces ?? []) this.inhabited.add(name);
  }

  /** undefined if it names what does not exist, which is reported. */
  resolve(spec: Pick<MtlsPolicySpec, "namespace" | "target" | "selector">, path: string): ResolvedTarget | undefined {
    const { context } = this;
    const inTarget = spec.target !== undefined;
    const here = inTarget ? at(path, "target") : path;
    if (spec.selector !== undefined && inTarget) {
      context.report("MESH0036", path, "target and selector exclude each other", "Write the selector inside target.");
    }
    const selector = spec.target?.selector ?? spec.selector;
    const { service, namespace: meant } = spec.target ?? {};
    const kind = context.oneOf({ service, selector }, ["service", "selector"], here, "none allowed");
    const from = meant ?? spec.namespace ?? context.namespace;
    if (kind === "service" && service !== undefined) {
      const found = context.findOwn(service, from, at(here, "service"));
      if (found === undefined) return undefined;
      const ref: Ref = { name: found.name, namespace: found.namespace };
      return this.inNamespace(
        spec,
        meant,
        { namespace: ref.namespace, service: ref },
        here,
        this.portsOf.get(found.path) ?? [],
      );
    }
    if (kind === "selector" && selector !== undefined) {
      const pods = this.select(from, selector);
      if (pods.length === 0) {
        const shown = Object.entries(selector)
          .map(([key, value]) => `${key}: ${value}`)
          .join(", ");
        const message = `no workload in namespace ${from} carries { ${shown} }`;
        const remedy = "Mend the labels or the namespace, or name the service instead.";
        context.report("MESH0027", at(here, "selector"), message, remedy);
        return undefined;
      }
      return this.inNamespace(
        spec,
        meant,
        { namespace: from, selector },
        here,
        pods.flatMap((each) => each.ports),
      );
    }
    if (!this.inhabited.has(from)) {
      const where = meant === undefined ? at(path, "namespace") : at(here, "namespace");
      context.report("MESH0027", where, `nothing of this mesh is in namespace ${from}`, this.namespacesRemedy());
      return undefined;
    }
    return this.inNamespace(spec, meant, { namespace: from }, here);
  }

  knows(namespace: string): boolean {
    return this.inhabited.has(namespace);
  }

  namespacesRemedy(): string {
    return `Name one that holds services (${[...this.inhabited].slice(0, 12).join(", ")}), or list it under namespaces.`;
  }

  /** A policy only reaches its own namespace, so one written elsewhere would do nothing. */
  private inNamespace(
    spec: { readonly namespace?: string },
    meant: string | undefined,
    target: Target,
    path: string,
    ports?: readonly Port[],
  ): ResolvedTarget | undefined {
    const { namespace } = target;
    const written = [meant, spec.namespace].find((each) => each !== undefined && each !== namespace);
    if (written !== undefined) {
      const message = `the policy says namespace ${written}, but what it applies to is in ${namespace}`;
      this.context.report("MESH0051", path, message, `Leave the namespace out, or write ${namespace}.`);
      return undefined;
    }
    return { namespace, target, ...(ports === undefined ? {} : { ports }) };
  }

  private select(namespace: string, selector: Labels): readonly Pods[] {
    const index = (this.byLabel ??= this.labelled());
    return index.candidates(namespace, selector).filter((pods) => selects(selector, pods.labels));
  }

  private labelled(): LabelIndex<Pods> {
    const index = new LabelIndex<Pods>();
    for (const { namespace, labels, versions, ports } of this.services) {
      const templates = versions.length === 0 ? [labels] : versions.map((v) => ({ ...labels, ...podLabels(v) }));
      for (const each of templates) index.addAll(namespace, each, { labels: each, ports });
    }
    for (const { namespace, selector, listeners } of this.gateways) {
      const ports = listeners.map(({ path, name, port }): Port => ({
        path,
        name,
        port,
        targetPort: port,
        protocol: "tcp",
        serverFirst: false,
      }));
      index.addAll(namespace, selector, { labels: selector, ports });
    }
    return index;
  }
}

/** A version's own labels and those that its template adds. */
function podLabels(version: Service["versions"][number]): Labels {
  const metadata = version.workload?.template?.["metadata"] as { readonly labels?: Labels } | undefined;
  return { ...version.labels, ...metadata?.labels };
}
