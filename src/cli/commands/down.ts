import { mustConnect } from "../../host/client";
import type { Register } from "../main";
import { whichMesh } from "../which-mesh";

export const register: Register = (program, io) => {
  program
    .command("down")
    .description("end a mesh on this host")
    .argument("[mesh]", "its name or its file; default the one that runs")
    .action(async (named: string | undefined) => {
      const mesh = await whichMesh(named);
      await (await mustConnect(mesh)).down();
      io.err(`mesh ${mesh} has ended\n`);
    });
};
