import type { Message, ProxyPlacement } from "../renderers/proxy";
import { Proxy, type ProxyContext } from "./proxies";
import { allReady, proxyIsReady } from "./ready";

/** What a door is to be: the client's proxy, or a gateway's. */
export interface WantedDoor {
  readonly name: string;
  readonly spiffeId: string;
  readonly placement: ProxyPlacement;
  readonly bootstrap: Message;
}

const STOP_MS = 2_000;

/** The proxies through which requests enter the mesh, by name. They turn last: what they send to is there. */
export class Doors {
  private readonly running = new Map<string, Proxy>();
  /** Started since the last commit: given up where the change fails. */
  private fresh: string[] = [];

  get(name: string): Proxy | undefined {
    return this.running.get(name);
  }

  /** Starts what is new and turns what runs; names those that ran and changed. */
  async turn(
    wanted: readonly WantedDoor[],
    context: ProxyContext,
    readyTimeoutMs: number,
    interrupt: AbortSignal,
  ): Promise<string[]> {
    const changed: string[] = [];
    const started: Proxy[] = [];
    for (const { name, spiffeId, placement, bootstrap } of wanted) {
      const known = this.running.get(name);
      if (known !== undefined && known.runs(context.engine) && known.spiffeId === spiffeId) {
        known.placement = placement;
        if (await known.update(bootstrap)) changed.push(name);
        continue;
      }
      await known?.stop(STOP_MS);
      const proxy = new Proxy(name, spiffeId, placement, context);
      this.running.set(name, proxy);
      if (known === undefined) this.fresh.push(name);
      proxy.write(bootstrap);
      proxy.process.start();
      started.push(proxy);
    }
    const awaited = started.map((proxy) => proxyIsReady(proxy.process, proxy.placement.admin));
    if (awaited.length > 0) await allReady(awaited, readyTimeoutMs, interrupt);
    for (const proxy of started) proxy.process.supervise();
    return changed;
  }

  /** What is in force is what to come back to; doors that are no longer wanted end, and are named. */
  async commit(wanted: readonly WantedDoor[], drainMs: number): Promise<string[]> {
    this.fresh = [];
    const names = new Set(wanted.map(({ name }) => name));
    const gone = [...this.running].filter(([name]) => !names.has(name));
    for (const [name] of gone) this.running.delete(name);
    for (const proxy of this.running.values()) proxy.commit();
    await Promise.all(gone.map(([, proxy]) => proxy.stop(drainMs)));
    return gone.map(([name]) => name);
  }

  /** Back to the last commit. */
  async restore(): Promise<void> {
    for (const name of this.fresh) {
      await this.running.get(name)?.stop(STOP_MS);
      this.running.delete(name);
    }
    this.fresh = [];
    for (const proxy of this.running.values()) await proxy.restore();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.running.values()].map((proxy) => proxy.stop(STOP_MS)));
    this.running.clear();
  }
}
