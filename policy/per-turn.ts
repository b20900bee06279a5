/**
 * Remembers what one call of Pulumi's analyzer gave: it asks each policy in turn about the same resources, all before the
 * event loop turns, and hands each of them copies. The next call comes with another turn.
 */
export function perTurn<In, Out>(make: (input: In) => Out, keyOf: (input: In) => string): (input: In) => Out {
  let kept: { readonly key: string; readonly value: Out } | undefined;
  return (input) => {
    const key = keyOf(input);
    if (kept?.key === key) return kept.value;
    kept = { key, value: make(input) };
    setImmediate(() => (kept = undefined));
    return kept.value;
  };
}
