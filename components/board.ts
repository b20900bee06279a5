import * as pulumi from "@pulumi/pulumi";
import { codes, userError } from "./errors";
import type { Kind } from "./pieces";

/** What a piece says about itself: plain data, recorded while the program runs and read once it paused. */
export interface Entry {
  readonly kind: Kind;
  /** The component that owns it: the parent of the resources that the Plan gives to it. None: another stack's. */
  readonly piece?: pulumi.Resource;
  /** The piece as it stands in the document. */
  readonly data: unknown;
}

/**
 * Where the pieces of one mesh meet. A piece's constructor records itself and returns; one microtask after the mesh
 * was made, the program's synchronous part is over, the board closes and everything is rendered once.
 *
 * The alternative, resources inside `apply`, would hide the whole mesh from previews.
 */
export class Board<Result> {
  readonly #entries: Entry[] = [];
  #closed = false;
  /** Settles when the mesh was rendered; rejects with what was wrong with it. */
  readonly rendered: Promise<Result>;

  constructor(render: (entries: readonly Entry[]) => Result) {
    const keepAlive = failingKeepAlive();
    this.rendered = new Promise((resolve, reject) => {
      queueMicrotask(() => {
        this.#closed = true;
        try {
          resolve(render(this.#entries));
          keepAlive.done();
        } catch (error) {
          keepAlive.fail(error);
          reject(error);
        }
      });
    });
  }

  /** Throws where the board has closed. */
  check(what: string): void {
    if (this.#closed)
      throw userError(
        codes.latePiece,
        `${what} was made after its mesh had been rendered.`,
        "Make the mesh and all of its pieces without an `await`, `apply` or timer in between: await first, then make them.",
      );
  }

  add(entry: Entry): void {
    this.#entries.push(entry);
  }
}

/**
 * Holds the program open, and can make its end a failure. An inline program (Automation API) that merely rejects
 * somewhere is told to the engine as complete before the rejection is looked at; the engine would then delete all that
 * the broken mesh did not register. A pending call that fails stops the program before that.
 */
function failingKeepAlive(): { done: () => void; fail: (error: unknown) => void } {
  const settle: (result?: Promise<never>) => void = pulumi.runtime.rpcKeepAlive();
  return { done: () => settle(), fail: (error) => settle(Promise.reject(error)) };
}
