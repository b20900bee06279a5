import { logsNamed, readLogs } from "../../host/logs";
import { StateDir } from "../../host/state";
import type { Register } from "../main";
import { whichMesh } from "../which-mesh";

export const register: Register = (program, io) => {
  program
    .command("logs")
    .description("what a workload or a proxy of a mesh wrote")
    .argument("<name>", "a process (mesh-deployment-0, mesh-deployment-0-proxy, client), or a workload for all of its")
    .option("-m, --mesh <mesh>", "the mesh's name or file; default the one that runs")
    .option("-f, --follow", "go on until Ctrl-C")
    .action(async (name: string, options: { readonly mesh?: string; readonly follow?: boolean }) => {
      const state = new StateDir(await whichMesh(options.mesh));
      const names = logsNamed(state, name);
      const stop = new AbortController();
      if (options.follow === true)
        for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
      const prefix = (log: string, text: string): string =>
        names.length === 1 ? text : text.replace(/^(?=.)/gm, `${log} | `);
      await readLogs(
        state,
        names,
        (log, chunk) => io.out(prefix(log, chunk.toString("utf8"))),
        options.follow === true ? stop.signal : undefined,
      );
    });
};
