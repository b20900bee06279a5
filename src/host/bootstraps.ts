import type { Finding } from "../model/finding";
import { type Gateway, keyOf, type Model } from "../model/model";
import { DownstreamStats } from "../proxy/core/stats";
import { readBootstrap } from "../proxy/xds/bootstrap";
import { compile, type CompileServices } from "../proxy/xds/compile";
import { allAtOnce } from "../proxy/xds/steps";
import {
  BOOTSTRAP,
  type BootstrapProperties,
  type Message,
  type Placement,
  render,
  workloadKey,
} from "../renderers/proxy";
import { finding } from "./problem";
import type { Replica } from "./replica";

/** Services for a configuration that is only judged: identities do not lie in their places yet, and nothing is served. */
const dry: CompileServices = {
  downstreamTls: () => ({ key: "", accept: (raw) => void raw.destroy() }),
  upstreamTls: () => ({
    key: "",
    generation: 0,
    connect: () => {
      throw new Error("this configuration is not in force");
    },
  }),
  accessLog: () => ({ onRequest: () => undefined }),
  audit: { denied: () => undefined },
  spans: () => ({ export: () => undefined }),
  downstreamStats: () => new DownstreamStats(),
};

/** The configuration of every proxy of a mesh, by replica; the client's has none. */
export class Bootstraps {
  private readonly byProxy = new Map<string, Message>();

  constructor(model: Model, placement: Placement) {
    for (const resource of render(model, { placement }).plan.resources) {
      if (resource.type !== BOOTSTRAP) continue;
      const properties = resource.properties as unknown as BootstrapProperties;
      const key =
        properties.gateway !== undefined
          ? `gateway ${properties.namespace}/${properties.gateway}`
          : properties.version === undefined
            ? "client"
            : `${properties.namespace}/${properties.workload}/${properties.replica}`;
      this.byProxy.set(key, properties.bootstrap);
    }
  }

  get client(): Message {
    return this.byProxy.get("client") ?? {};
  }
  gateway(gateway: Gateway): Message {
    return this.byProxy.get(`gateway ${keyOf(gateway)}`) ?? {};
  }
  of(replica: Replica): Message {
    return this.byProxy.get(replica.wanted.key) ?? {};
  }

  /** What the bundled proxy would refuse, found before anything starts. */
  refusals(): Finding[] {
    return [...this.byProxy].flatMap(([name, value]) => {
      const read = readBootstrap({ value });
      const result = read.ok ? allAtOnce(compile(read.bootstrap, dry)) : read;
      const errors = result.ok ? [] : result.errors;
      return errors.map((error) =>
        finding(
          "MESH3009",
          "",
          `${name}: ${error.path}: ${error.message}`,
          "Leave out what leads to this field, or set backends.proxy.engine to envoy.",
        ),
      );
    });
  }
}

/** Replicas as a placement lists them, by workload. */
export function byWorkload(replicas: readonly Replica[]): Placement["replicas"] {
  const groups: Record<string, Replica["placement"][]> = {};
  for (const { wanted, placement } of replicas)
    (groups[workloadKey(wanted.service, wanted.version)] ??= []).push(placement);
  return groups;
}
