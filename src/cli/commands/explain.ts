import { explainCode, listChecks } from "../explain";
import type { Register } from "../main";

export const register: Register = (program, io) => {
  program
    .command("explain")
    .description("say what a code means, with an example of wrong and right; without one, list all checks")
    .argument("[code]", "a code or a check's name: MESH1012, single-replica")
    .action((code: string | undefined) => io.out(code === undefined ? listChecks() : explainCode(code)));
};
