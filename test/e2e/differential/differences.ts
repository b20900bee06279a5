import type { View } from "./compare";

/** A deliberate difference from Envoy: what, why, and the cases that hold both engines to it. */
export interface Difference {
  readonly id: string;
  readonly envoy: string;
  readonly ours: string;
  readonly reason: string;
  /** Of `SETUP: CASE`. */
  readonly cases: RegExp;
  /** Statuses of the responses, where they differ: nothing else is compared then. */
  readonly statuses?: readonly [envoy: string, ours: string] | undefined;
  /** Where Envoy's statuses are several. */
  readonly ourStatuses?: string;
  /** Where they do not: all that is not named here is equal. */
  readonly except?: Blind;
}

export interface Blind {
  readonly fields?: readonly string[];
  readonly counters?: readonly string[];
  readonly parts?: readonly ("log" | "closed" | "upstream" | "body" | "rest")[];
}

export function statuses(view: View): string {
  return view.responses.map(({ line }) => line.replace("HTTP/1.1 ", "")).join(" ");
}

/** A view without what a difference is about. */
export function without(view: View, { fields = [], counters = [], parts = [] }: Blind): object {
  const strip = (messages: View["responses"] | undefined) =>
    messages?.map((message) => ({
      ...message,
      fields: message.fields.filter((line) => !fields.includes(line.slice(0, line.indexOf(":")))),
      body: parts.includes("body") ? undefined : message.body,
    }));
  return {
    responses: strip(view.responses),
    rest: parts.includes("rest") ? undefined : view.rest,
    closed: parts.includes("closed") ? undefined : view.closed,
    upstream: parts.includes("upstream") ? undefined : strip(view.upstream),
    counters: Object.entries(view.counters ?? {}).filter(([name]) => !counters.includes(name)),
    log: parts.includes("log") ? undefined : view.log,
  };
}
