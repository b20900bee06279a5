import { request } from "node:http";
import type { ApplyEvent } from "./api";
import { problem, Problem } from "./problem";
import { StateDir } from "./state";
import type { Status } from "./status";
import type { Changes } from "./supervisor";

/** A supervisor that runs, as seen from another process. */
export interface Connection {
  readonly mesh: string;
  readonly pid: number;
  /** Undefined while nothing was applied yet. */
  status(): Promise<Status | undefined>;
  /**
   * Brings the mesh to what the document says; `base` is the directory of its paths.
   * @throws Problem with all that is wrong, and the mesh is as it was before.
   */
  apply(document: unknown, base: string, progress?: (line: string) => void): Promise<Changes>;
  /** Ends the mesh and its supervisor. */
  down(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

function call(
  socketPath: string,
  method: string,
  path: string,
  body?: string,
  onLine?: (line: string) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    const sent = request({ socketPath, method, path, headers }, (response) => {
      let text = "";
      let seen = 0;
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        for (let end = text.indexOf("\n", seen); onLine !== undefined && end >= 0; end = text.indexOf("\n", seen)) {
          onLine(text.slice(seen, end));
          seen = end + 1;
        }
      });
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

async function apply(socketPath: string, body: string, progress: (line: string) => void): Promise<Changes> {
  let last: ApplyEvent | undefined;
  await call(socketPath, "POST", "/v1/apply", body, (line) => {
    last = JSON.parse(line) as ApplyEvent;
    if (last.event === "progress") progress(last.line);
  });
  if (last?.event === "done") return last.changes;
  if (last?.event === "problem") throw new Problem(last.findings);
  throw new Error(last?.event === "error" ? last.message : "the supervisor ended");
}

/** The supervisor of a mesh, or undefined where none runs. */
export async function connect(mesh: string): Promise<Connection | undefined> {
  const socketPath = new StateDir(mesh).socket("api");
  const ask = async (): Promise<{ pid: number; status?: Status } | undefined> => {
    try {
      const answer = await call(socketPath, "GET", "/v1/status");
      return answer.status === 200 ? (JSON.parse(answer.body) as { pid: number; status?: Status }) : undefined;
    } catch {
      return undefined;
    }
  };
  const first = await ask();
  if (first === undefined) return undefined;
  return {
    mesh,
    pid: first.pid,
    status: async () => (await ask())?.status,
    apply: (document, base, progress = () => undefined) =>
      apply(socketPath, JSON.stringify({ document, base }), progress),
    down: async () => {
      const answer = await call(socketPath, "POST", "/v1/down");
      if (answer.status !== 200) throw new Error(answer.body);
    },
  };
}

/** @throws Problem MESH3011 where the mesh is not running. */
export async function mustConnect(mesh: string): Promise<Connection> {
  const connection = await connect(mesh);
  if (connection !== undefined) return connection;
  throw problem("MESH3011", "", `mesh "${mesh}" is not running on this host`, "meshup up starts it.");
}

/** The names of the meshes that run on this host. */
export async function runningMeshes(): Promise<string[]> {
  const names = await Promise.all(StateDir.meshes().map(async (name) => ((await connect(name)) ? [name] : [])));
  return names.flat();
}
