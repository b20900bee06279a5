import type { StepTree } from "./tree";

/** Where progress is written: a terminal is drawn anew, anything else gets a line for each step that has ended. */
export interface Screen {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  /** Of the terminal; what does not fit is cut from the top. */
  readonly rows: number;
  readonly columns: number;
}

const REDRAW_MS = 100;

/** Shows a tree as it grows. On a terminal times go on while a step runs; `done` leaves the last state there. */
export class LiveTree {
  #drawn = 0;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly tree: StepTree,
    private readonly screen: Screen,
  ) {
    if (screen.isTerminal) this.#timer = setInterval(() => this.#draw(screen.rows - 1), REDRAW_MS);
  }

  /** The line of a step that has ended, as the tree gives it. */
  ended(line: string): void {
    if (!this.screen.isTerminal) this.screen.write(`  ${line}\n`);
  }

  /** Something to say above the tree. */
  say(text: string): void {
    this.#clear();
    this.screen.write(text);
  }

  done(): void {
    clearInterval(this.#timer);
    if (this.screen.isTerminal) this.#draw(Infinity);
  }

  #draw(rows: number): void {
    this.#clear();
    const all = this.tree.lines();
    const lines = all.length > rows ? all.slice(all.length - Math.max(rows, 1)) : all;
    this.screen.write(lines.map((line) => `${line.slice(0, this.screen.columns)}\n`).join(""));
    this.#drawn = lines.length;
  }

  /** Up by what was drawn, and everything below away. */
  #clear(): void {
    if (this.#drawn > 0) this.screen.write(`\u001b[${this.#drawn}A\u001b[J`);
    this.#drawn = 0;
  }
}
