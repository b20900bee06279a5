import { allAtOnce, inSlices, type Steps } from "../../../src/proxy/xds/steps";

function* work(units: number, did: (unit: number) => void): Steps<string> {
  for (let i = 0; i < units; i++) {
    did(i);
    yield;
  }
  return "done";
}

test("a slice ends when its time is over, and the event loop turns before the next", async () => {
  let now = 0;
  let turns = 0;
  const perTurn: number[] = [0];
  const turn = (): void => {
    turns++;
    perTurn.push(0);
    if (turns < 100) setImmediate(turn);
  };
  const steps = work(10, () => {
    now += 2;
    perTurn[perTurn.length - 1]!++;
  });
  setImmediate(turn);
  expect(await inSlices(steps, 5, () => now)).toBe("done");
  // Two milliseconds a step, five a slice: a slice is three steps.
  expect(perTurn.filter((n) => n > 0)).toEqual([3, 3, 3, 1]);
  turns = 100;
});

test("all at once gives the same", () => {
  const did: number[] = [];
  expect(allAtOnce(work(4, (i) => did.push(i)))).toBe("done");
  expect(did).toEqual([0, 1, 2, 3]);
});

test("what a step throws reaches who waits", async () => {
  const broken = work(3, (i) => {
    if (i === 1) throw new Error("broken");
  });
  await expect(inSlices(broken)).rejects.toThrow("broken");
});
