const lists: readonly (readonly [reason: RegExp, cases: readonly string[]])[] = [];

/** Cases that the bundled proxy does not serve yet, with the field of which it says so. What it takes must leave this list. */
export const refused: ReadonlyMap<string, RegExp> = new Map(
  lists.flatMap(([reason, cases]) => cases.map((name) => [name, reason] as const)),
);
