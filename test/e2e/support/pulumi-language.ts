import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import {
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServerWritableStream,
} from "@grpc/grpc-js";

/**
 * A stand-in for Pulumi's language host for Node, which no package registry serves: it runs a program as the real one
 * does, by `@pulumi/pulumi/cmd/run`, so that `pulumi up` on a Pulumi.yaml can be tested as users run it; and a package of
 * components, which programs in other languages use, by `@pulumi/pulumi/cmd/run-plugin`.
 */
const load = createRequire(`${process.cwd()}/package.json`);
interface Message {
  setError(text: string): Message;
  setBail(bail: boolean): Message;
  setVersion(version: string): Message;
}
interface Said {
  setStdout(data: Uint8Array): Said;
  setStderr(data: Uint8Array): Said;
  setExitcode(code: number): Said;
}
type Messages = Readonly<Record<"RunResponse" | "GetRequiredPluginsResponse", new () => Message>> & {
  readonly RunPluginResponse: new () => Said;
};
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

interface RunPluginRequest {
  getPwd(): string;
  getArgsList(): string[];
  getEnvList(): string[];
  getInfo(): { getProgramDirectory(): string };
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

/** Runs a package until the engine has no more use for it, and passes on what it says: its port comes first. */
function runPlugin(call: ServerWritableStream<RunPluginRequest, Said>): void {
  const { request } = call;
  const directory = request.getInfo().getProgramDirectory();
  const own = createRequire(`${directory}/package.json`);
  const child = spawn(
    process.execPath,
    [own.resolve("@pulumi/pulumi/cmd/run-plugin"), directory, ...request.getArgsList()],
    {
      cwd: request.getPwd(),
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        ...Object.fromEntries(request.getEnvList().map((pair) => /^(.*?)=(.*)$/s.exec(pair)?.slice(1) ?? [])),
        PULUMI_NODEJS_TYPESCRIPT: "true",
      },
    },
  );
  child.stdout.on("data", (data: Buffer) => call.write(new messages.RunPluginResponse().setStdout(data)));
  child.stderr.on("data", (data: Buffer) => call.write(new messages.RunPluginResponse().setStderr(data)));
  call.once("cancelled", () => child.kill());
  child.once("close", (code) => {
    call.write(new messages.RunPluginResponse().setExitcode(code ?? 1));
    call.end();
  });
}

const server = new Server();
server.addService(LanguageRuntimeService, {
  run,
  runPlugin,
  getRequiredPlugins: (_: unknown, answer: sendUnaryData<Message>) =>
    answer(null, new messages.GetRequiredPluginsResponse()),
  getPluginInfo: (_: unknown, answer: sendUnaryData<Message>) =>
    answer(null, new plugin.PluginInfo().setVersion("3.200.0")),
} as unknown as Parameters<Server["addService"]>[1]);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${port}\n`);
});
