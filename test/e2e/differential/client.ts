import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Case } from "./setup";
import { statusOf, takeResponse, type Message } from "./wire";

/** What a client got. */
export interface Got {
  readonly responses: readonly Message[];
  /** What is left when no more complete response comes. */
  readonly rest: string;
  readonly closed: boolean;
}

/** Until a response is there that never comes, both engines have the same time. */
const patience = 3500;

export async function play(port: number, id: string, { steps, methods, closes }: Case): Promise<Got> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
  let text = "";
  let closed = false;
  let wake = (): void => undefined;
  const changed = (): void => wake();
  socket.on("data", (data) => {
    text += data.toString("latin1");
    changed();
  });
  for (const event of ["end", "error", "close"])
    socket.on(event, () => {
      closed = true;
      changed();
    });
  const deadline = Date.now() + patience;
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds() && Date.now() < deadline) {
      await Promise.race([
        new Promise<void>((resolve) => (wake = resolve)),
        sleep(deadline - Date.now(), undefined, { ref: false }),
      ]);
    }
  };
  for (const step of steps) {
    if (step === "end") socket.end();
    else if ("send" in step) socket.write(step.send.replaceAll("{case}", `x-case: ${id}\r\n`), "latin1");
    else if ("sleep" in step) await sleep(step.sleep);
    else await until(() => text.includes(step.await) || closed);
  }
  await until(() => closed || read(text, methods, false).complete);
  if (closes === true && !closed) await Promise.race([new Promise<void>((resolve) => (wake = resolve)), sleep(250)]);
  socket.destroy();
  const { responses, rest } = read(text, methods, closed);
  return { responses, rest, closed };
}

function read(text: string, methods: readonly string[], closed: boolean) {
  const responses: Message[] = [];
  let rest = text;
  let finals = 0;
  while (finals < methods.length || rest !== "") {
    const taken = takeResponse(rest, methods[Math.min(finals, methods.length - 1)] as string, closed);
    if (taken === undefined) break;
    rest = taken.rest;
    responses.push(taken.message);
    const status = statusOf(taken.message);
    if (status >= 200 || status === 101) finals++;
  }
  return { responses, rest, complete: finals >= methods.length };
}
