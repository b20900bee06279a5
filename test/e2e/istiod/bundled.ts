const lists: readonly (readonly [reason: RegExp, cases: readonly string[]])[] = [];

/** Cases that the bundled proxy does not serve yet, with the field of which it says so. What it takes must leave this list. */
export const refused: ReadonlyMap<string, RegExp> = new Map(
  lists.flatMap(([reason, cases]) => cases.map((name) => [name, reason] as const)),
);

/** Cases that the bundled proxy serves otherwise than Envoy, and how. What it does alike must leave this list. */
export const differing: ReadonlyMap<string, string> = new Map([
  [
    "connections that are reset",
    "of a try that is not the first, Envoy's body says `retried and the latest reset reason`",
  ],
  ["one origin", "Envoy forwards OPTIONS without a body with `content-length: 0`"],
]);
