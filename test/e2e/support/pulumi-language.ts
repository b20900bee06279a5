import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";

/**
 * A stand-in for Pulumi's language host for Node, which no package registry serves: it runs a program as the real one
 * does, by `@pulumi/pulumi/cmd/run`, so that `pulumi up` on a Pulumi.yaml can be tested as users run it.
 */
const load = createRequire(`${process.cwd()}/package.json`);
interface Message {
  setError(text: string): Message;
  setBail(bail: boolean): Message;
  setVersion(version: string): Message;
}
type Messages = Readonly<Record<"RunResponse" | "GetRequiredPluginsResponse", new () => Message>>;
const messages = load("@pulumi/pulumi/proto/language_pb") as Messages;
const plugin = load("@pulumi/pulumi/proto/plugin_pb") as Readonly<Record<"PluginInfo", new () => Message>>;
const { LanguageRuntimeService } = load("@pulumi/pulumi/proto/language_grpc_pb") as {
  LanguageRuntimeService: Parameters<Server["addService"]>[0];
};

interface RunRequest {
  getProject(): string;
  getStack(): string;
  getOrganization(): string;
  getDryrun(): boolean;
  getParallel(): number;
  getMonitorAddress(): string;
  getConfigMap(): { toObject(): [string, string][] };
  getConfigsecretkeysList(): string[];
  getInfo(): { getRootDirectory(): string; getProgramDirectory(): string; getEntryPoint(): string };
}

const engine = process.argv.slice(2).filter((arg) => !arg.startsWith("-"))[0] ?? "";
/** What the program's process exits with when it has told its error itself. */
const TOLD = 32;

function run({ request }: ServerUnaryCall<RunRequest, Message>, answer: sendUnaryData<Message>): void {
  const info = request.getInfo();
  const flags = {
    monitor: request.getMonitorAddress(),
    engine,
    project: request.getProject(),
    stack: request.getStack(),
    organization: request.getOrganization(),
    pwd: info.getProgramDirectory(),
    "root-directory": info.getRootDirectory(),
    parallel: String(request.getParallel()),
  };
  const args = Object.entries(flags).map(([key, value]) => `--${key}=${value}`);
  if (request.getDryrun()) args.push("--dry-run");
  const child = spawn(process.execPath, [load.resolve("@pulumi/pulumi/cmd/run"), ...args, info.getEntryPoint()], {
    cwd: info.getProgramDirectory(),
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      PULUMI_NODEJS_TYPESCRIPT: "true",
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toObject())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    },
  });
  child.once("exit", (code) => {
    const response = new messages.RunResponse();
    if (code === TOLD) response.setBail(true);
    else if (code !== 0) response.setError(`the program exited with ${code}`);
    answer(null, response);
  });
}

const server = new Server();
server.addService(LanguageRuntimeService, {
  run,
  getRequiredPlugins: (_: unknown, answer: sendUnaryData<Message>) =>
    answer(null, new messages.GetRequiredPluginsResponse()),
  getPluginInfo: (_: unknown, answer: sendUnaryData<Message>) =>
    answer(null, new plugin.PluginInfo().setVersion("3.200.0")),
} as unknown as Parameters<Server["addService"]>[1]);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${port}\n`);
});
