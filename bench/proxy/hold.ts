import { connect, type LoadPlan, request } from "./load";

/** Connections that stay open, each after some requests. */
export interface HoldPlan extends Pick<LoadPlan, "host" | "port" | "tls"> {
  readonly connections: number;
  /** Paths asked for in turn. */
  readonly paths: number;
}

/** Opens the connections, a few at a time, and has each answered twice. Resolves when all stand idle. */
export async function holdConnections(plan: HoldPlan): Promise<void> {
  const step = 20;
  for (let i = 0; i < plan.connections; i += step)
    await Promise.all(
      Array.from({ length: Math.min(step, plan.connections - i) }, async (_, j) => {
        const socket = await connect(plan);
        for (let k = 0; k < 2; k++) {
          const answered = new Promise<void>((resolve, reject) => {
            let received = 0;
            // The head and 1 KiB: counting is enough, all answers are alike.
            const take = (chunk: Buffer): void => {
              received += chunk.length;
              if (received < 1024) return;
              socket.off("data", take);
              resolve();
            };
            socket.on("data", take).once("error", reject);
          });
          socket.write(request(`/held/${(i + j + k) % plan.paths}/42`));
          await answered;
        }
      }),
    );
}
