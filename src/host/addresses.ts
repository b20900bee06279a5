import { createHash } from "node:crypto";
import { createServer } from "node:net";
import type { Address } from "../renderers/proxy";
import { unprivileged } from "../renderers/proxy";
import { problem } from "./problem";

/** Applications get ports from here upward: below the range that systems take for outgoing connections. */
const FIRST_APP_PORT = 20_000;
const APP_PORTS = 10_000;

type Bound = { readonly port: number } | { readonly error: string };

/** Listens for a moment. */
const bind = (address: string, port: number): Promise<Bound> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve({ error: error.code ?? error.message }));
    server.listen({ host: address, port, exclusive: true }, () => {
      const bound = server.address();
      server.close(() => resolve({ port: typeof bound === "object" && bound !== null ? bound.port : port }));
    });
  });

/**
 * Hands out loopback addresses and ports that are free now. What was given once under a key stays the same until it is
 * given back, so that a changed mesh keeps the addresses of all that did not change.
 */
export class AddressBook {
  private readonly given = new Map<string, Address>();
  private next = 0;
  private appPort: number;

  private constructor(
    /** First two bytes of this mesh's addresses, or undefined where only 127.0.0.1 exists. */
    private readonly network: string | undefined,
    seed: number,
  ) {
    this.appPort = FIRST_APP_PORT + (seed % APP_PORTS);
  }

  /** Each mesh has its own 127.x.0.0/16, by its name. Where such addresses cannot be bound (macOS), ports differ instead. */
  static async create(mesh: string): Promise<AddressBook> {
    const seed = createHash("sha256").update(mesh).digest().readUInt32BE(0);
    const network = `127.${20 + (seed % 200)}`;
    const usable = "port" in (await bind(`${network}.0.1`, 0));
    return new AddressBook(usable ? network : undefined, seed);
  }

  get(key: string): Address | undefined {
    return this.given.get(key);
  }
  release(prefix: string): void {
    for (const key of this.given.keys()) if (key.startsWith(prefix)) this.given.delete(key);
  }

  /** An address of its own with this port, if that can be had; else another port. */
  async listener(key: string, port: number): Promise<Address> {
    const known = this.given.get(key);
    if (known !== undefined) return known;
    const address = this.network === undefined ? "127.0.0.1" : this.nextAddress();
    return this.keep(key, await this.free(address, [port, unprivileged(port), 0]));
  }

  /** A port on 127.0.0.1, where applications find it whether they bind HOST, localhost or everything. */
  async application(key: string): Promise<Address> {
    const known = this.given.get(key);
    if (known !== undefined) return known;
    for (let tried = 0; tried < APP_PORTS; tried += 1) {
      const port = this.appPort;
      this.appPort = FIRST_APP_PORT + ((this.appPort + 1 - FIRST_APP_PORT) % APP_PORTS);
      if (!this.taken({ address: "127.0.0.1", port }) && "port" in (await bind("127.0.0.1", port)))
        return this.keep(key, { address: "127.0.0.1", port });
    }
    return this.keep(key, await this.free("127.0.0.1", [0]));
  }

  /**
   * Exactly this address and port, because the user fixed them.
   * @throws Problem MESH3004 where somebody listens there.
   */
  async fixed(key: string, at: Address, path: string): Promise<Address> {
    const known = this.given.get(key);
    if (known !== undefined && known.address === at.address && known.port === at.port) return known;
    const bound = this.taken(at) ? { error: "EADDRINUSE" } : await bind(at.address, at.port);
    if ("port" in bound) return this.keep(key, at);
    const where = `${at.address}:${at.port}`;
    if (bound.error === "EACCES")
      throw problem("MESH3004", path, `${where} needs privileges`, "Choose a port from 1024 upward.");
    if (bound.error === "EADDRNOTAVAIL")
      throw problem(
        "MESH3004",
        path,
        `${at.address} is no address of this host`,
        "Choose one that is, or leave it out.",
      );
    throw problem(
      "MESH3004",
      path,
      `${where} is taken`,
      "End what listens there, choose another port, or leave it out to get a free one.",
    );
  }

  private async free(address: string, ports: readonly number[]): Promise<Address> {
    for (const port of ports) {
      if (port !== 0 && this.taken({ address, port })) continue;
      const bound = await bind(address, port);
      if ("port" in bound) return { address, port: bound.port };
    }
    throw problem("MESH3004", "", `no port is free on ${address}`, "End what holds them.");
  }

  private keep(key: string, at: Address): Address {
    this.given.set(key, at);
    return at;
  }
  private taken(at: Address): boolean {
    return [...this.given.values()].some((a) => a.address === at.address && a.port === at.port);
  }
  private nextAddress(): string {
    this.next += 1;
    // 254 a third byte: .0 and .255 confuse people.
    return `${this.network}.${Math.floor(this.next / 254) % 256}.${(this.next % 254) + 1}`;
  }
}
