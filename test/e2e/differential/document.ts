import { configDifferences } from "./config-differences";
import type { Difference } from "./differences";
import { differences } from "./listed";
import { refused } from "./refused";

const cell = (text: string): string => text.replaceAll("|", "\\|");
const row = ({ id, envoy, ours, reason }: Difference): string =>
  `| ${id} | ${cell(envoy)} | ${cell(ours)} | ${cell(reason)} |`;

/** docs/envoy-differences.md: all of it, from the tables that the tests hold both engines to. */
export function document(): string {
  return `# Where the bundled data plane differs from Envoy

Both read the same configuration. A suite sends some 2,000 requests through Envoy 1.40 and through the bundled proxy and
compares status, fields, body, what the upstream received, tries, counters and logs; everything that is not in the first
table is equal there. This page is written from the suite's tables, and each row is held to both engines.

## Traffic

| difference | Envoy | bundled | why |
|---|---|---|---|
${differences.map(row).join("\n")}

Not compared: the order of fields of different names, the values of Date and x-envoy-upstream-service-time, the reason
phrase, whether repeated fields come as several lines or as a list (RFC 9110 §5.3), x-envoy-expected-rq-timeout-ms beyond the
second (Envoy writes what is left of the time at each try), and the address of a loopback client in X-Forwarded-For (Envoy
writes one of the machine's own).

## Configuration

Accepted by Envoy, refused by the bundled proxy with the field's path. Fields outside [the subset](envoy-subset.md) are
refused likewise.

| configuration | why |
|---|---|
${configDifferences.map(({ what, reason }) => `| ${cell(what)} | ${cell(reason)} |`).join("\n")}

Of the settings that the suite tries, these are in the subset and not served yet, or refused on purpose:

${Object.entries(refused)
  .map(
    ([setup, paths]) =>
      `- ${setup}: ${[...new Set(paths.map((path) => `\`${path.replace(/^.*?(typed_config\.)/, "")}\``))].join(", ")}`,
  )
  .join("\n")}

## By design

- Limits, circuit breakers, outlier detection and rate limits count per worker. With one worker, as by default, they are
  Envoy's with \`--concurrency 1\`; Envoy shares breakers among its threads.
- Peak EWMA is served; Envoy without its contrib extensions takes the policy that follows it.
- Parsing is stricter than Envoy's wherever two readers could disagree: RFC 9112 and the upstream's view rank above it.
`;
}
