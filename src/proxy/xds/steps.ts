/** Work that may rest at every `yield`. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** All of it now. */
export function allAtOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** In slices of at most `sliceMs`, with a turn of the event loop for everything else between two of them. */
export async function inSlices<T>(
  steps: Steps<T>,
  sliceMs = 5,
  now: () => number = () => performance.now(),
): Promise<T> {
  for (;;) {
    const until = now() + sliceMs;
    do {
      const step = steps.next();
      if (step.done === true) return step.value;
    } while (now() < until);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
