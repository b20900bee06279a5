import type { Answer, Call, Setup } from "../filter-bench";

export interface Expected {
  readonly status: number;
  /** Lower-case response headers; undefined: absent. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly text?: string;
  /** Of what reached the upstream. */
  readonly path?: string;
  readonly sent?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
}

export interface FilterCase {
  readonly title: string;
  readonly setup: Setup;
  readonly calls: readonly (readonly [Call, Expected])[];
}

/** What of an answer a case speaks of. */
export function outcome(answer: Answer, expected: Expected): Expected {
  const pick = (from: Readonly<Record<string, unknown>> | undefined, names: object): Record<string, string> =>
    Object.fromEntries(Object.keys(names).map((name) => [name, from?.[name] as string]));
  return {
    status: answer.status,
    ...(expected.headers && { headers: pick(answer.headers, expected.headers) }),
    ...(expected.text !== undefined && { text: answer.text }),
    ...(expected.path !== undefined && { path: answer.seen?.path }),
    ...(expected.sent && { sent: pick(answer.seen?.headers, expected.sent) }),
    ...(expected.body !== undefined && { body: answer.seen?.body }),
  };
}
