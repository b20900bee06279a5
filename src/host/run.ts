import { ControlApi } from "./api";
import { lock } from "./lock";
import { Registry } from "./registry";
import { StateDir } from "./state";
import { Supervisor, type SupervisorOptions } from "./supervisor";

/** A supervisor in this process, with its door open to other processes. */
export interface Running {
  readonly supervisor: Supervisor;
  /** Resolves when the mesh has ended: by a signal, by `meshup down` or by `stop`. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Makes this process the supervisor of a mesh. SIGINT, SIGTERM and SIGHUP end the mesh and leave nothing running; what
 * a supervisor that was killed left behind is ended first.
 * @throws Problem MESH3010 where another process supervises it.
 */
export async function run(mesh: string, options: Omit<SupervisorOptions, "state">): Promise<Running> {
  const state = new StateDir(mesh);
  state.create();
  const unlock = lock(state);
  let finish: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (finish = resolve));
  const supervisor = new Supervisor({
    ...options,
    state,
    progress: (line) => {
      options.progress(line);
      api.progress(line);
    },
  });
  const end = async (): Promise<void> => {
    await supervisor.down();
    state.clear();
    unlock();
  };
  const close = (): void => {
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
    api.close();
    finish();
  };
  const api = new ControlApi(supervisor, state, end, close);
  const stop = async (): Promise<void> => {
    await end();
    close();
  };
  const onSignal = (): void => void stop();
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    await Registry.clean(state);
    state.clear();
    state.clearLogs();
    state.create();
    await api.listen();
  } catch (error) {
    await stop();
    throw error;
  }
  return { supervisor, ended, stop };
}
