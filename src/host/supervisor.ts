import { randomBytes } from "node:crypto";
import { CertificateAuthority } from "../control/ca";
import { Signer } from "../control/signer";
import { hasErrors } from "../model/finding";
import { keyOf, type Model } from "../model/model";
import {
  clientIdentity,
  gatewayIdentity,
  type GatewayPlacement,
  type ProxyPlacement,
  render,
} from "../renderers/proxy";
import { AddressBook } from "./addresses";
import { Bootstraps, byWorkload } from "./bootstraps";
import { placeClient } from "./client-plan";
import { commandFindings } from "./commands";
import { Doors, type WantedDoor } from "./doors";
import { engineOf, type Engine } from "./engine";
import { placeGateways, secretsOf } from "./gateway-plan";
import { Problem } from "./problem";
import type { ProxyContext } from "./proxies";
import { allReady, proxyIsReady, workloadReady } from "./ready";
import { Registry } from "./registry";
import { Replica } from "./replica";
import { place, wantedReplicas, type WantedReplica } from "./replica-plan";
import type { StateDir } from "./state";
import { type Status, statusOf } from "./status";

export interface SupervisorOptions {
  readonly state: StateDir;
  /** Told what happens, a line each. */
  readonly progress: (line: string) => void;
  /** How long a replica may take to get ready. Default 30 s. */
  readonly readyTimeoutMs?: number;
  /** How long certificates live. Default one hour; they are renewed at half of it. */
  readonly certificateLifetimeMs?: number;
}

/** What one application of a mesh changed. */
export interface Changes {
  readonly started: readonly string[];
  readonly stopped: readonly string[];
  /** Proxies that got another configuration. */
  readonly reconfigured: readonly string[];
}

const READY_TIMEOUT_MS = 30_000;
/** For requests under way in a proxy that is taken out of service. */
const DRAIN_MS = 10_000;
const STOP_MS = 2_000;
/** The name of the proxy through which a person or a test on this host calls the mesh. */
const CLIENT = "client";

/** Everything of a mesh that lives as long as its supervisor. */
interface Ground {
  readonly book: AddressBook;
  readonly signer: Signer;
  readonly registry: Registry;
  readonly trustDomain: string;
}

/** Runs one mesh on this host and changes it while it runs. One at a time: calls wait for the one before. */
export class Supervisor {
  private ground: Ground | undefined;
  private readonly doors = new Doors();
  private replicas: Replica[] = [];
  private gateways: Readonly<Record<string, GatewayPlacement>> = {};
  private model: Model | undefined;
  private queue: Promise<unknown> = Promise.resolve();
  private readonly interrupt = new AbortController();

  constructor(private readonly options: SupervisorOptions) {}

  get running(): boolean {
    return this.model !== undefined;
  }

  /**
   * Brings the mesh to what the model says. New replicas are ready before anybody calls them, and nobody calls the old
   * ones any more when they end; what did not change is not touched.
   * @throws Problem, and everything is as it was before.
   */
  apply(model: Model, base: string): Promise<Changes> {
    return this.inTurn(() => this.applyNow(model, base));
  }

  /** Undefined before the first apply and after `down`. */
  async status(): Promise<Status | undefined> {
    const client = this.doors.get(CLIENT);
    if (this.model === undefined || client === undefined) return undefined;
    return statusOf(this.model, this.replicas, client, this.gateways);
  }

  get currentModel(): Model | undefined {
    return this.model;
  }

  /** Ends everything, and leaves nothing but the logs. What is being started is given up. A supervisor ends once. */
  down(): Promise<void> {
    this.interrupt.abort();
    return this.inTurn(() => this.downNow());
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => undefined);
    return result;
  }

  private async prepare(model: Model): Promise<Ground> {
    const { state, certificateLifetimeMs } = this.options;
    const ca = await CertificateAuthority.create({
      trustDomain: model.trustDomain,
      ...(certificateLifetimeMs === undefined ? {} : { svidLifetimeMs: certificateLifetimeMs }),
    });
    const signer = new Signer(ca, state.socket("ca"));
    await signer.listen();
    const book = await AddressBook.create(model.name);
    return { book, signer, registry: new Registry(state), trustDomain: model.trustDomain };
  }

  private async applyNow(model: Model, base: string): Promise<Changes> {
    const findings = [...commandFindings(model, base), ...render(model).findings];
    if (hasErrors(findings)) throw new Problem(findings);
    const engine = engineOf(model);
    if (this.ground !== undefined && this.ground.trustDomain !== model.trustDomain) await this.downNow();
    const fresh = this.ground === undefined;
    const ground = (this.ground ??= await this.prepare(model));
    try {
      return await this.reconcile(model, base, engine, ground);
    } catch (error) {
      if (fresh) await this.downNow();
      throw error;
    }
  }

  private context(ground: Ground, engine: Engine): ProxyContext {
    const { state, progress } = this.options;
    return {
      state,
      registry: ground.registry,
      signer: ground.signer,
      engine,
      onCrash: (name, how, restartInMs) => progress(`${name} ${how}; starting it again in ${restartInMs / 1000} s`),
    };
  }

  private async reconcile(model: Model, base: string, engine: Engine, ground: Ground): Promise<Changes> {
    const wanted = wantedReplicas(model, base, JSON.stringify(engine));
    const running = new Map(this.replicas.map((r) => [`${r.wanted.key} ${r.wanted.hash}`, r]));
    const target: Replica[] = [];
    const started: Replica[] = [];
    const context = this.context(ground, engine);
    try {
      const client = await placeClient(model, ground.book, this.options.state);
      for (const w of wanted) {
        const kept = running.get(`${w.key} ${w.hash}`);
        const replica = kept ?? (await this.newReplica(model, w, base, ground, context));
        if (kept === undefined) started.push(replica);
        target.push(replica);
      }
      const gateways = await placeGateways(model, base, ground.book, this.options.state);
      const secrets = secretsOf(model, base);
      const bootstraps = new Bootstraps(model, { replicas: byWorkload(target), client, gateways, secrets });
      const doors = wantedDoors(model, bootstraps, client, gateways);
      const refused = engine.kind === "bundled" ? bootstraps.refusals() : [];
      if (refused.length > 0) throw new Problem(refused);
      await this.startAll(started, bootstraps);
      const reconfigured = await this.turn(
        target.filter((r) => !started.includes(r)),
        bootstraps,
      );
      reconfigured.push(...(await this.doors.turn(doors, context, this.readyTimeoutMs, this.interrupt.signal)));
      const stopped = this.replicas.filter((r) => !target.includes(r));
      this.commit(model, target, wanted);
      const closed = await this.doors.commit(doors, DRAIN_MS);
      for (const key of Object.keys(this.gateways)) if (!(key in gateways)) ground.book.release(`gateway/${key}/`);
      this.gateways = gateways;
      await Promise.all(stopped.map((r) => this.retire(r, ground, () => r.drain(DRAIN_MS))));
      const names = (replicas: readonly Replica[]): string[] => replicas.map((r) => r.wanted.name);
      return { started: names(started), stopped: [...names(stopped), ...closed], reconfigured };
    } catch (error) {
      await Promise.all(this.replicas.map((r) => r.proxy.restore()));
      await this.doors.restore();
      await Promise.all(started.map((r) => this.retire(r, ground, () => r.stop(STOP_MS))));
      throw error;
    }
  }

  private async newReplica(
    model: Model,
    wanted: WantedReplica,
    base: string,
    ground: Ground,
    context: ProxyContext,
  ): Promise<Replica> {
    const id = randomBytes(3).toString("hex");
    const placement = await place(model, wanted, id, ground.book, this.options.state);
    return new Replica(model, wanted, id, placement, base, context);
  }

  private commit(model: Model, replicas: Replica[], wanted: readonly WantedReplica[]): void {
    for (const replica of replicas) replica.wanted = wanted.find((w) => w.key === replica.wanted.key) ?? replica.wanted;
    for (const replica of replicas) replica.proxy.commit();
    this.replicas = replicas;
    this.model = model;
  }

  private async retire(replica: Replica, ground: Ground, end: () => Promise<void>): Promise<void> {
    await end();
    ground.book.release(`${replica.wanted.key}/${replica.id}/`);
  }

  private get readyTimeoutMs(): number {
    return this.options.readyTimeoutMs ?? READY_TIMEOUT_MS;
  }

  private async startAll(replicas: readonly Replica[], bootstraps: Bootstraps): Promise<void> {
    if (replicas.length === 0) return;
    this.options.progress(`starting ${replicas.map((r) => r.wanted.name).join(", ")}`);
    for (const replica of replicas) {
      replica.proxy.write(bootstraps.of(replica));
      replica.start();
    }
    const awaited = replicas.flatMap((r) => {
      const [port] = r.wanted.service.ports;
      const path = r.wanted.version.workload?.path ?? "";
      return [
        workloadReady(r.app, port && r.placement.app[port.targetPort], `${path}.host.command`),
        proxyIsReady(r.proxy.process, r.placement.admin, path),
      ];
    });
    await allReady(awaited, this.readyTimeoutMs, this.interrupt.signal);
    for (const replica of replicas) replica.supervise();
  }

  /** Gives proxies that run their new configuration; names those for which it changed. */
  private async turn(replicas: readonly Replica[], bootstraps: Bootstraps): Promise<string[]> {
    const changed: string[] = [];
    for (const replica of replicas)
      if (await replica.proxy.update(bootstraps.of(replica))) changed.push(replica.proxy.name);
    return changed;
  }

  private async downNow(): Promise<void> {
    const ground = this.ground;
    if (ground === undefined) return;
    await Promise.all([this.doors.stop(), ...this.replicas.map((r) => r.stop(STOP_MS))]);
    this.gateways = {};
    this.replicas = [];
    this.model = undefined;
    this.ground = undefined;
    await ground.signer.close();
    await ground.registry.close();
  }
}

/** The client's proxy and every gateway's. */
const wantedDoors = (
  model: Model,
  bootstraps: Bootstraps,
  client: ProxyPlacement,
  gateways: Readonly<Record<string, GatewayPlacement>>,
): WantedDoor[] => [
  ...model.gateways.flatMap((gateway) => {
    const placement = gateways[keyOf(gateway)];
    if (placement === undefined) return [];
    const name = `gateway-${gateway.namespace}-${gateway.name}`;
    return [{ name, spiffeId: gatewayIdentity(model, gateway), placement, bootstrap: bootstraps.gateway(gateway) }];
  }),
  { name: CLIENT, spiffeId: clientIdentity(model), placement: client, bootstrap: bootstraps.client },
];
