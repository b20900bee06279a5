import { mustConnect } from "../../host/client";
import type { Status } from "../../host/status";
import type { Register } from "../main";
import { whichMesh } from "../which-mesh";

/** Rows in columns as wide as their widest cell. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, n) => Math.max(...rows.map((row) => (row[n] ?? "").length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, n) => cell.padEnd(widths[n] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

function text(status: Status): string {
  const rows = status.services.flatMap((service) =>
    service.replicas.map((r) => [
      service.name,
      service.address,
      service.mtls,
      r.version,
      r.ready ? "ready" : "not ready",
      r.inbound,
      String(r.pid),
      String(r.proxyPid),
      r.admin,
    ]),
  );
  return table([["SERVICE", "ADDRESS", "MTLS", "VERSION", "STATE", "INBOUND", "PID", "PROXY", "ADMIN"], ...rows]);
}

export const register: Register = (program, io) => {
  program
    .command("status")
    .description("what runs of a mesh on this host")
    .argument("[mesh]", "its name or its file; default the one that runs")
    .option("--json", "in the stable form of docs/cli.md")
    .action(async (named: string | undefined, options: { readonly json?: boolean }) => {
      const mesh = await whichMesh(named);
      const status = (await (await mustConnect(mesh)).status()) ?? { mesh, services: [], gateways: [] };
      io.out(options.json === true ? `${JSON.stringify(status, undefined, 2)}\n` : text(status));
    });
};
