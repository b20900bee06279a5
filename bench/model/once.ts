/** One measurement in a process of its own, so that sizes do not warm or burden each other. */
import { checkCapabilities } from "../../src/capabilities";
import { runChecks } from "../../src/checks";
import { loadMesh } from "../../src/model";
import { meshOf } from "./generate";

const size = Number(process.argv[2]);
const text = meshOf(size);
const start = performance.now();
const { model, findings } = loadMesh(text);
const loaded = performance.now();
if (!model) throw new Error(`the generated mesh does not load: ${findings[0]?.message}`);
const before = process.cpuUsage();
const found = runChecks(model).length;
const cpu = process.cpuUsage(before);
const checked = performance.now();
const losses = checkCapabilities(model, "linkerd").length;
const done = performance.now();
const peakMb = process.resourceUsage().maxRSS / 1024;
console.log(
  JSON.stringify({
    size,
    bytes: text.length,
    loadMs: loaded - start,
    checkMs: checked - loaded,
    capabilityMs: done - checked,
    checkCpuMs: (cpu.user + cpu.system) / 1000,
    peakMb,
    found,
    losses,
  }),
);
