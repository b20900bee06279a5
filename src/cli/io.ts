/** What a command may touch of the process it runs in; tests give their own. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

export const processIo: Io = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

/** Exit codes: 0 clean, 1 errors found, 2 wrong usage. */
export const EXIT = { clean: 0, errors: 1, usage: 2 } as const;

/** Ends a command with a code after it has said everything. */
export class Exit extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

/** A wrong call: told with a pointer to help, exit code 2. */
export class UsageError extends Error {}
