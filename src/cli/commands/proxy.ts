import { createRequire } from "node:module";
import { bundledFile } from "../../host/engine";
import type * as ProxyMain from "../../proxy/main";
import { Exit } from "../io";
import type { Register } from "../main";

export const register: Register = (program) => {
  program
    .command("proxy")
    .description("run the bundled data plane from an Envoy v3 configuration (meshup proxy --help says more)")
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .argument("[arguments...]", "its own arguments: -c FILE and more")
    .action(async (argv: readonly string[]) => {
      const { main } = createRequire(__filename)(bundledFile()) as typeof ProxyMain;
      const code = await main(argv);
      // Upstream connections that idle would keep the process.
      if (code === 0) process.exit(0);
      throw new Exit(code);
    });
};
