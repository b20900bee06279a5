import { jsonSchema } from "../../model";
import type { Register } from "../main";

export const register: Register = (program, io) => {
  program
    .command("schema")
    .description("print the JSON Schema of mesh.yaml, for editors")
    .action(() => io.out(`${JSON.stringify(jsonSchema(), undefined, 2)}\n`));
};
