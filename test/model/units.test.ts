import * as fc from "fast-check";
import * as units from "../../src/model/units";

describe("durations", () => {
  it.each([
    ["0s", 0],
    ["500ms", 500],
    ["1.5s", 1500],
    ["0.001s", 1],
    ["1h30m", 5_400_000],
    ["1d", 86_400_000],
    ["1h1m1s1ms", 3_661_001],
  ])("%s is %d ms", (text, ms) => expect(units.parseDuration(text)).toBe(ms));

  it.each(["", "5", "1 s", "-1s", "1.5m", "1s1h", "1sm", "1e3s", "0.0001s", "infinity"])("%j is none", (text) =>
    expect(() => units.parseDuration(text)).toThrow(RangeError),
  );

  it("come back as they went, in the form of the Gateway API and in seconds", () => {
    fc.assert(
      fc.property(fc.nat(), (ms) => {
        expect(units.parseDuration(units.formatDuration(ms))).toBe(ms);
        expect(units.parseDuration(units.formatSeconds(ms))).toBe(ms);
      }),
    );
    expect(units.formatDuration(90_061_001)).toBe("25h1m1s1ms");
    expect(units.formatSeconds(3500)).toBe("3.5s");
  });
});

describe("percentages", () => {
  it.each([
    ["0%", 0],
    ["12.5%", 12.5],
    ["100%", 100],
    [20, 20],
  ])("%s is %d", (written, percent) => expect(units.parsePercent(written)).toBe(percent));
  it.each(["101%", "100.1%", "-1%", "5", 100.5, -1, Number.NaN])("%s is none", (written) =>
    expect(() => units.parsePercent(written)).toThrow(RangeError),
  );
});

describe("quantities", () => {
  it.each([
    ["128Mi", 134_217_728],
    ["1.5Gi", 1_610_612_736],
    ["1k", 1000],
    ["7", 7],
    [7, 7],
  ])("%s is %d bytes", (written, bytes) => expect(units.parseMemory(written)).toBe(bytes));
  it.each([
    ["250m", 0.25],
    ["0.5", 0.5],
    [2, 2],
  ])("%s is %d cores", (written, cores) => expect(units.parseCpu(written)).toBe(cores));
  it.each(["128MB", "-1Mi", "Mi", ""])("%j is no size", (text) =>
    expect(() => units.parseMemory(text)).toThrow(RangeError),
  );
  it.each(["1.5m", "m", "-1", ""])("%j is no cpu", (text) => expect(() => units.parseCpu(text)).toThrow(RangeError));

  it("come back as they went", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000_000), (n) => {
        expect(units.parseMemory(units.formatMemory(n))).toBe(n);
        expect(units.parseCpu(units.formatCpu(n / 1000))).toBe(n / 1000);
      }),
    );
    expect([units.formatMemory(134_217_728), units.formatCpu(0.25), units.formatCpu(2)]).toEqual([
      "128Mi",
      "250m",
      "2",
    ]);
  });
});
