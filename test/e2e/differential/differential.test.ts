import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describePart } from "../support/parts";
import { setups as all } from "./cases";
import { view } from "./compare";
import { statuses, without } from "./differences";
import { differences } from "./listed";
import { refusals, startBundled, startEnvoy } from "./engines";
import { addLogs, caseId, run, type Observed } from "./run";
import { bootstrap } from "./setup";
import { refused } from "./refused";
import { Upstreams } from "./upstream";

const only = process.env.DIFFERENTIAL;
const chosen = only === undefined ? all : all.filter(({ name }) => new RegExp(only).test(name));

describePart("Envoy and the bundled proxy serve alike", ["envoy"], ({ envoy }) => {
  const dir = mkdtempSync(join(tmpdir(), "meshup-differential-"));
  const places = { ports: { u0: 1, u1: 2, u2: 3, dead: 4 }, log: "/dev/null" };
  const setups = chosen.filter((setup) => refusals(bootstrap([setup], places)).length === 0);
  let envoys = new Map<string, Observed>();
  let ours = new Map<string, Observed>();

  const ends: (() => unknown)[] = [];
  beforeAll(async () => {
    const theirUpstreams = await Upstreams.start(["u0", "u1", "u2"]);
    const ourUpstreams = await Upstreams.start(["u0", "u1", "u2"]);
    ends.push(
      () => theirUpstreams.close(),
      () => ourUpstreams.close(),
    );
    const theirLog = join(dir, "envoy.log");
    const ourLog = join(dir, "bundled.log");
    const them = await startEnvoy(
      envoy,
      bootstrap(setups, { ports: theirUpstreams.ports, log: theirLog }),
      theirLog,
      dir,
    );
    ends.push(() => them.end());
    const us = await startBundled(bootstrap(setups, { ports: ourUpstreams.ports, log: ourLog }), ourLog);
    ends.push(() => us.end());
    [envoys, ours] = await Promise.all([run(them, theirUpstreams, setups), run(us, ourUpstreams, setups)]);
    const [theirs, our] = await Promise.all([them.end(), us.end()]);
    addLogs(envoys, theirs);
    addLogs(ours, our);
  }, 180_000);
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
    rmSync(dir, { recursive: true, force: true });
  });

  test("what the bundled proxy does not serve yet is listed, and no more", () => {
    const found = Object.fromEntries(
      chosen
        .map((setup) => [setup.name, refusals(bootstrap([setup], places))] as const)
        .filter(([, errors]) => errors.length > 0)
        .map(([name, errors]) => [
          name,
          errors.map((e) => e.replace(/^static_resources\.\w+\[0\]\./, "").split(":")[0]),
        ]),
    );
    const listed = Object.entries(refused).filter(([name]) => chosen.some((setup) => setup.name === name));
    expect(found).toEqual(Object.fromEntries(listed));
  });

  const named = (setup: (typeof setups)[number], index: number): string => `${setup.name}: ${setup.cases[index]?.name}`;

  test("every difference listed is one of a case that ran", () => {
    const ran = setups.flatMap((setup) => setup.cases.map((_, index) => named(setup, index)));
    if (only !== undefined) return;
    for (const { id, cases } of differences) expect([id, ran.some((name) => cases.test(name))]).toEqual([id, true]);
  });

  for (const setup of setups)
    describe(setup.name, () => {
      setup.cases.forEach((spec, index) => {
        const difference = differences.find(({ cases }) => cases.test(named(setup, index)));
        test(difference === undefined ? spec.name : `${spec.name} (differs: ${difference.id})`, () => {
          const id = caseId(setup, index);
          const theirs = view(envoys.get(id) as Observed, spec);
          const our = view(ours.get(id) as Observed, spec);
          if (difference === undefined) return expect(our).toEqual(theirs);
          expect(our).not.toEqual(theirs);
          if (difference.ourStatuses !== undefined) expect(statuses(our)).toBe(difference.ourStatuses);
          else if (difference.statuses) expect([statuses(theirs), statuses(our)]).toEqual(difference.statuses);
          else expect(without(our, difference.except ?? {})).toEqual(without(theirs, difference.except ?? {}));
        });
      });
    });
});
