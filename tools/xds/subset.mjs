// Reads src/proxy/xds/subset.txt: which messages and fields of Envoy's API the proxy supports.
import { readFileSync } from "node:fs";

/**
 * @returns {Map<string, {name: string, alias?: string, fields: Map<string, {values?: string[], types?: string[]}>}>}
 * keyed by full message name, in the order of the file.
 */
export function readSubset(file) {
  const lines = readFileSync(file, "utf8").split("\n");
  const lists = new Map();
  const messages = new Map();
  let prefix = "";
  let message;
  lines.forEach((line, index) => {
    const fail = (why) => {
      throw new Error(`${file}:${index + 1}: ${why}`);
    };
    const text = line.replace(/#.*/, "").trimEnd();
    let m;
    if (text === "") return;
    if ((m = /^(\$\w+) = (.+)$/.exec(text))) lists.set(m[1], m[2].split("|"));
    else if ((m = /^([\w.]+):$/.exec(text))) prefix = m[1];
    else if ((m = /^([\w.]+)(?: as (\w+))?$/.exec(text))) {
      const name = `${prefix}.${m[1]}`;
      if (messages.has(name)) fail(`${name} is listed twice`);
      messages.set(name, (message = { name, local: m[1], alias: m[2], fields: new Map() }));
    } else if (/^\s+\S/.test(line) && message) {
      for (const word of text.trim().split(/\s+/)) {
        const f = /^(\w+)(?:=([\w|]+)|<([\w.|$]+)>)?$/.exec(word) ?? fail(`cannot read "${word}"`);
        if (message.fields.has(f[1])) fail(`${f[1]} is listed twice`);
        message.fields.set(f[1], { values: f[2]?.split("|"), types: f[3]?.split("|") });
      }
    } else fail(`cannot read "${line}"`);
  });
  for (const { fields } of messages.values())
    for (const field of fields.values())
      field.types = field.types?.flatMap((t) => (t.startsWith("$") ? lists.get(t) : [t]));
  return messages;
}
