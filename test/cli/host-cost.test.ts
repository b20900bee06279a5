import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostCost } from "../../src/cli/host-cost";
import { StateDir } from "../../src/host/state";
import { meshOf } from "../cost/support/mesh";

let directory: string;
const before = process.env.XDG_STATE_HOME;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "meshup-host-cost-"));
  process.env.XDG_STATE_HOME = directory;
  new StateDir("shop").create();
});
afterEach(() => {
  if (before === undefined) delete process.env.XDG_STATE_HOME;
  else process.env.XDG_STATE_HOME = before;
  rmSync(directory, { recursive: true, force: true });
});
/** One's own vCPU-hour at a cent, a GB-hour at a tenth, and a fee by instance, so that something is known. */
const BOOK = `version: 1
name: own
dateRead: 2026-11-23
currency: USD
extends: [vendor]
prices:
  - { sku: self.vcpu, provider: self, unit: vCPU-hours, price: 0.01, source: us, override: true }
  - { sku: self.memory, provider: self, unit: GB-hours, price: 0.001, source: us, override: true }
  - { sku: mesh.proxy.instance, provider: self, unit: instance-hours, price: 0.001, source: us, override: true }
`;

describe("what a mesh costs on this host", () => {
  it("is left open where nobody said what the machine costs", () => {
    expect(hostCost(meshOf([{ name: "cart" }]), {}).line).toMatch(
      /^cost: not known on proxy: \d+ open lines \(meshup cost says which\)$/,
    );
  });
  it("is told with what ran before, once that was up", () => {
    writeFileSync(join(directory, "own.yaml"), BOOK);
    const options = { priceBook: "own.yaml", directory };
    const amount = (line: string): string => /^cost: (\$[\d.]+) a month/.exec(line)?.[1] ?? "";
    const one = hostCost(meshOf([{ name: "cart", replicas: 1 }]), options);
    const three = hostCost(meshOf([{ name: "cart", replicas: 3 }]), options);
    expect(three.line).not.toContain("was");
    one.keep();
    const later = hostCost(meshOf([{ name: "cart", replicas: 3 }]), options).line;
    expect(amount(later)).toBe(amount(three.line));
    expect(later).toContain(`(was ${amount(one.line)}, +$`);
    expect(hostCost(meshOf([{ name: "cart", replicas: 1 }]), options).line).toContain(`(was ${amount(one.line)})`);
  });
  it("is not told from a state that something else wrote", () => {
    writeFileSync(join(new StateDir("shop").path, "cost.json"), "[]");
    expect(hostCost(meshOf([{ name: "cart" }]), {}).line).not.toContain("was");
  });
});
