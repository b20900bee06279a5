import { createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** Takes accepted sockets, paused and unread. */
export interface Acceptor {
  accept(socket: Socket): void;
}

/** One listening port. Its acceptor may change while it listens; accepted sockets are paused until someone reads them. */
export class Listener {
  private server: Server | undefined;

  constructor(
    readonly host: string,
    readonly port: number,
    public acceptor: Acceptor,
  ) {}

  /** Binds and listens. Rejects with what the system says: `EADDRINUSE`, `EACCES` … */
  async open(): Promise<void> {
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, (socket) =>
      this.acceptor.accept(socket),
    );
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host: this.host, port: this.port, backlog: 4096 }, () => {
        server.off("error", reject);
        resolve();
      });
    });
    // Errors of accept (descriptors used up) are the system's; the listener goes on.
    server.on("error", () => undefined);
    this.server = server;
  }

  /** As bound: port 0 is resolved. */
  get bound(): { readonly address: string; readonly port: number } {
    const address = this.server?.address() as AddressInfo | null | undefined;
    return address == null ? { address: this.host, port: this.port } : address;
  }

  /** Accepts no more. Connections that live go on. */
  close(): void {
    this.server?.close();
    this.server = undefined;
  }
}
