/** One backend and one size in a process of its own, so that neither warms or burdens another. */
import { loadMesh } from "../../src/model";
import { RENDERERS } from "../../src/renderers";
import type { BackendName } from "../../src/model/model";
import { meshOf } from "../model/generate";

const [backend = "", size = "10", rounds = "3"] = process.argv.slice(2);
const render = RENDERERS[backend as BackendName];
if (render === undefined) throw new Error(`there is no renderer for ${backend}`);
const text = meshOf(Number(size));
const { model, findings } = loadMesh(text);
if (model === undefined) throw new Error(`the generated mesh does not load: ${findings[0]?.message}`);
global.gc?.();
const before = process.memoryUsage().heapUsed;
const times: number[] = [];
let resources = 0;
let heap = 0;
for (let round = 0; round < Number(rounds); round++) {
  // A copy is a model of its own: nothing that was looked up for another round is known to it.
  const fresh = { ...model };
  const start = process.cpuUsage();
  const begun = performance.now();
  const { plan } = render(fresh);
  const elapsed = performance.now() - begun;
  const { user, system } = process.cpuUsage(start);
  // Elapsed time counts others' load, CPU time the compiler's and collector's own threads: a quiet machine takes neither more.
  times.push(Math.min(elapsed, (user + system) / 1000));
  resources = plan.resources.length;
  heap = Math.max(heap, process.memoryUsage().heapUsed - before);
}
console.log(
  JSON.stringify({
    backend,
    size: Number(size),
    resources,
    firstMs: times[0],
    medianMs: [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)],
    heapMb: heap / 2 ** 20,
    peakMb: process.resourceUsage().maxRSS / 1024,
  }),
);
