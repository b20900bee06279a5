/** Writes docs/benchmarks/proxy.md and its plot from proxy.json: node tools/run-ts.mjs tools/docs/proxy-benchmark.ts */
import { writeFileSync } from "node:fs";
import { benchmarkFiles, benchmarkPage, benchmarkPlot, readReport } from "./proxy-benchmark-page";

const report = readReport();
writeFileSync(benchmarkFiles.page, benchmarkPage(report));
writeFileSync(benchmarkFiles.plot, benchmarkPlot(report));
