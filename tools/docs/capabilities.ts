/** Writes docs/capabilities.md from the table. Run: node tools/run-ts.mjs tools/docs/capabilities.ts */
import { writeFileSync } from "node:fs";
import { renderMatrix } from "../../src/capabilities";

const head = `# Capabilities

What each backend can do of the model: **yes** as it is; **envoy** where Envoy runs the configuration (\`engine: envoy\`),
and not with the bundled engine; **emulated** in another way that behaves the same; **differs** in another way with a
difference; **no** not at all. The notes say how and why; \`meshup capabilities --format json\`
adds the source of each cell. Using what a backend cannot do is an error where it concerns security or where a request
goes, and a warning where it only tunes; \`spec.backends.NAME.accept\` lifts it, with a reason.

`;
writeFileSync("docs/capabilities.md", head + renderMatrix("markdown"));
