import { networkInterfaces } from "node:os";
import type { Case } from "./setup";
import type { Observed } from "./run";
import type { Message } from "./wire";

/** Fields whose value is time, chance or the machine's: only that they are there is compared. */
const presence = new Set(["date", "x-envoy-upstream-service-time"]);

interface Plain {
  readonly host?: string;
  readonly line: string;
  readonly fields: readonly string[];
  readonly body: string | undefined;
  readonly trailers: readonly string[];
}

/** Envoy writes an address of the machine's own in the place of a loopback client's. */
const addressed = new Set(["x-forwarded-for", "x-envoy-external-address"]);
const ownAddresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));

/** An observation as plain data in which equal means equal. */
export interface View {
  readonly responses: readonly Plain[];
  readonly rest: string;
  readonly closed: boolean | undefined;
  readonly upstream: readonly Plain[] | undefined;
  readonly counters: Readonly<Record<string, number>> | undefined;
  readonly log: readonly string[] | undefined;
}

export function view({ got, arrivals, counters, log }: Observed, spec: Case): View {
  const keeps = (part: NonNullable<Case["except"]>[number]): boolean => spec.except?.includes(part) !== true;
  return {
    responses: got.responses.map((message) => plain(message, keeps("body"))),
    rest: got.rest.replace(/(date|x-envoy-upstream-service-time): [^\r]*/g, "$1: *"),
    closed: spec.closes === true ? got.closed : undefined,
    upstream: keeps("upstream") ? arrivals.map(({ host, message }) => ({ host, ...plain(message, true) })) : undefined,
    counters: keeps("counters") ? counters : undefined,
    log: keeps("log") ? log.map(loggedAlike) : undefined,
  };
}

/** Fields by name, values in order; the reason phrase is nobody's business. */
function plain({ start, fields, body, trailers }: Message, withBody: boolean): Plain {
  const by = new Map<string, string>();
  for (const [name, value] of fields) {
    const before = by.get(name);
    // RFC 9110 §5.3: but for Set-Cookie, repeated fields and one with a list are the same.
    const between = name === "set-cookie" ? "\n" : ",";
    by.set(name, before === undefined ? masked(name, value) : before + between + masked(name, value));
  }
  const line = start.startsWith("HTTP/") ? start.split(" ").slice(0, 2).join(" ") : start;
  return {
    line,
    fields: [...by].map(([name, value]) => `${name}: ${value}`).sort(),
    body: withBody ? body : undefined,
    trailers: trailers.map(([name, value]) => `${name}: ${value}`),
  };
}

function masked(name: string, value: string): string {
  if (presence.has(name)) return "*";
  if (name === "x-case") return "*";
  // Envoy writes what is left of the time at each try, we write the whole: alike to the second.
  if (name === "x-envoy-expected-rq-timeout-ms") return String(Math.ceil(Number(value) / 1000) * 1000);
  if (addressed.has(name)) for (const own of ownAddresses) value = value.replaceAll(own, "127.0.0.1");
  return value.replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/, "<uuid>");
}

/** Envoy adds the operating system's words to some details; the words before them are its own. */
function loggedAlike(line: string): string {
  const [status = "", flags = "", ...rest] = line.replace(/\|[^}\t]*\}/, "}").split("\t");
  // Flags in the order of the events or of the alphabet: the same flags.
  return [status, flags.split(",").sort().join(","), ...rest].join("\t");
}
