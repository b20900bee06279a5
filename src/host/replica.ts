import type { Model } from "../model/model";
import type { ReplicaPlacement } from "../renderers/proxy";
import { ManagedProcess } from "./managed-process";
import { Proxy, type ProxyContext } from "./proxies";
import { applicationProcess, type WantedReplica } from "./replica-plan";

const APP_GRACE_MS = 5_000;

/** A replica that runs: an application and the proxy in front of it. */
export class Replica {
  readonly app: ManagedProcess;
  readonly proxy: Proxy;

  constructor(
    model: Model,
    /** As last applied; its model objects follow the mesh as it changes. */
    public wanted: WantedReplica,
    /** Tells apart the old and the new process of one replica. */
    readonly id: string,
    readonly placement: ReplicaPlacement,
    base: string,
    context: ProxyContext,
  ) {
    this.app = new ManagedProcess(applicationProcess(model, wanted, placement, base), {
      registry: context.registry,
      logPath: context.state.log(wanted.name),
      onCrash: (how, restartInMs) => context.onCrash(wanted.name, how, restartInMs),
    });
    this.proxy = new Proxy(`${wanted.name}-proxy`, wanted.spiffeId, placement, context);
  }

  start(): void {
    this.app.start();
    this.proxy.process.start();
  }
  supervise(): void {
    this.app.supervise();
    this.proxy.process.supervise();
  }

  /** The proxy first, so that it can finish what it has begun with its application. */
  async drain(graceMs: number): Promise<void> {
    await this.proxy.stop(graceMs);
    await this.app.stop(APP_GRACE_MS);
  }
  /** Both at once: nobody calls any more. */
  async stop(graceMs: number): Promise<void> {
    await Promise.all([this.proxy.stop(graceMs), this.app.stop(graceMs)]);
  }
}
