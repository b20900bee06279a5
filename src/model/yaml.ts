import {
  CORE_SCHEMA,
  EVENT_ID,
  YAMLException,
  constructFromEvents,
  getScalarValue,
  mergeTag,
  parseEvents,
} from "js-yaml";
import type { Event } from "js-yaml";
import { finding } from "./codes";
import type { Finding } from "./finding";
import type { Segment } from "./path";
import { readPlainYaml } from "./plain-yaml";

/** Longest text that is read, in characters; a mesh of 10,000 services and 50,000 routes has some 20 million. */
export const MAX_TEXT = 32_000_000;
/** Most nodes after aliases are followed, which stops texts that explode. */
const MAX_NODES = 20_000_000;

const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

export interface Position {
  readonly line: number;
  readonly column: number;
}
export interface YamlText {
  readonly documents: readonly unknown[];
  /** Positions are set already; nothing was read if there are any. */
  readonly findings: readonly Finding[];
  /**
   * Where the value at a path of a document starts (its key, if the value is a block or `prefer` says so). What is
   * not there itself (a missing key) gives the nearest thing around it.
   */
  locate(document: number, path: readonly Segment[], prefer?: "key" | "value"): Position | undefined;
}

/** Reads YAML text with the position of everything in it. Never throws. */
export function readYaml(text: string): YamlText {
  const none: YamlText = { documents: [], findings: [], locate: () => undefined };
  const failed = (found: Finding): YamlText => ({ ...none, findings: [found] });
  if (text.length > MAX_TEXT)
    return failed(
      finding(
        "MESH0002",
        "",
        `the file has more than ${MAX_TEXT / 1e6} MB, the most that is read`,
        "Split it, or check that it is the right file.",
      ),
    );
  const plain = readPlainYaml(text);
  if (plain !== undefined) {
    // Most texts are right, and nobody asks where anything is.
    let index: EventIndex | undefined;
    const locate: YamlText["locate"] = (...where) =>
      (index ??= new EventIndex(text, parseEvents(text, {}))).locate(...where);
    return { documents: [plain.document], findings: [], locate };
  }
  try {
    const index = new EventIndex(text, parseEvents(text, {}));
    const nodes = index.expandedSize();
    if (nodes > MAX_NODES) {
      return failed(
        finding(
          "MESH0002",
          "",
          `aliases expand the file to ${nodes > 1e12 ? "over 10^12" : nodes} nodes`,
          "Write out what the aliases repeat.",
        ),
      );
    }
    const read = (json: boolean) => constructFromEvents(index.events, { source: text, schema: SCHEMA, json });
    try {
      return { documents: read(false), findings: [], locate: (...where) => index.locate(...where) };
    } catch (error) {
      const duplicates = index.duplicateKeys();
      if (duplicates.length === 0) throw error;
      return { documents: read(true), findings: duplicates, locate: (...where) => index.locate(...where) };
    }
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const place = error.mark === undefined ? {} : { line: error.mark.line + 1, column: error.mark.column + 1 };
    return failed({
      ...finding("MESH0003", "", error.reason, "Mend the YAML here; indentation is by spaces, keys end with a colon."),
      ...place,
    });
  }
}

/** Finds nodes in the parser's flat list of events. What it needs is worked out when first asked for. */
class EventIndex {
  private closings: Int32Array | undefined;
  private lineStarts: number[] | undefined;
  private readonly childrenOf = new Map<number, readonly number[]>();

  constructor(
    private readonly text: string,
    readonly events: readonly Event[] & Event[],
  ) {}

  locate(document: number, path: readonly Segment[], prefer: "key" | "value" = "value"): Position | undefined {
    const root = this.roots()[document];
    if (root === undefined) return undefined;
    let node = root;
    let key: number | undefined;
    for (const [depth, segment] of path.entries()) {
      const step = this.step(node, segment);
      if (step === undefined) return this.position(node, key, "value");
      [key, node] = step;
      if (depth === path.length - 1) return this.position(node, key, prefer);
    }
    return this.position(node, key, prefer);
  }

  /** Every key written twice in one mapping, each where it is written again. */
  duplicateKeys(): Finding[] {
    const findings: Finding[] = [];
    for (const [at, event] of this.events.entries()) {
      if (event.type !== EVENT_ID.MAPPING) continue;
      const seen = new Set<string>();
      const children = this.children(at);
      for (let i = 0; i < children.length; i += 2) {
        const child = children[i] as number;
        const key = this.scalar(child);
        if (key === undefined || key === "<<") continue;
        if (seen.has(key)) {
          const where = this.position(child, undefined, "value");
          findings.push({
            ...finding("MESH0004", "", `the key ${key} is written twice`, "Keep one of them."),
            ...where,
          });
        }
        seen.add(key);
      }
    }
    return findings;
  }

  /** Nodes of the whole text with every alias followed. */
  expandedSize(): number {
    if (!this.events.some((event) => event.type === EVENT_ID.ALIAS)) return this.events.length;
    const anchors = new Map<string, number>();
    const open: { size: number; anchor: string | undefined }[] = [];
    let total = 0;
    const add = (size: number) => {
      const parent = open.at(-1);
      if (parent === undefined) total += size;
      else parent.size += size;
    };
    for (const event of this.events) {
      if (event.type === EVENT_ID.POP) {
        const closed = open.pop();
        if (closed === undefined) continue;
        if (closed.anchor !== undefined) anchors.set(closed.anchor, closed.size);
        add(closed.size);
      } else if (event.type === EVENT_ID.ALIAS) {
        add(anchors.get(this.text.slice(event.anchorStart, event.anchorEnd)) ?? 1);
      } else if (event.type === EVENT_ID.SCALAR) add(1);
      else {
        const anchored = event.type !== EVENT_ID.DOCUMENT && event.anchorStart >= 0;
        open.push({ size: 1, anchor: anchored ? this.text.slice(event.anchorStart, event.anchorEnd) : undefined });
      }
    }
    return total;
  }

  private roots(): readonly (number | undefined)[] {
    const roots: (number | undefined)[] = [];
    for (let i = 0; i < this.events.length; i = this.closing(i) + 1) roots.push(this.children(i)[0]);
    return roots;
  }

  /** The event that closes a collection; the event itself for anything else. */
  private closing(at: number): number {
    if (this.closings === undefined) {
      this.closings = new Int32Array(this.events.length);
      const open: number[] = [];
      for (const [i, event] of this.events.entries()) {
        this.closings[i] = i;
        if (event.type === EVENT_ID.POP) this.closings[open.pop() as number] = i;
        else if (event.type !== EVENT_ID.SCALAR && event.type !== EVENT_ID.ALIAS) open.push(i);
      }
    }
    return this.closings[at] as number;
  }

  private children(at: number): readonly number[] {
    const known = this.childrenOf.get(at);
    if (known !== undefined) return known;
    const children: number[] = [];
    const end = this.closing(at);
    for (let i = at + 1; i < end; i = this.closing(i) + 1) children.push(i);
    this.childrenOf.set(at, children);
    return children;
  }

  /** Key and value of a step into a mapping or sequence. */
  private step(at: number, segment: Segment): [key: number | undefined, value: number] | undefined {
    const children = this.children(at);
    if (this.events[at]?.type === EVENT_ID.SEQUENCE) {
      const item = typeof segment === "number" ? children[segment] : undefined;
      return item === undefined ? undefined : [undefined, item];
    }
    if (this.events[at]?.type !== EVENT_ID.MAPPING) return undefined;
    for (let i = 0; i + 1 < children.length; i += 2) {
      const key = children[i] as number;
      if (this.scalar(key) === String(segment)) return [key, children[i + 1] as number];
    }
    return undefined;
  }

  private scalar(at: number): string | undefined {
    const event = this.events[at];
    return event?.type === EVENT_ID.SCALAR ? getScalarValue(this.text, event) : undefined;
  }

  private position(node: number, key: number | undefined, prefer: "key" | "value"): Position | undefined {
    const event = this.events[node];
    const block = event?.type === EVENT_ID.MAPPING || event?.type === EVENT_ID.SEQUENCE ? event.style === 1 : false;
    const offset = key !== undefined && (prefer === "key" || block) ? this.offset(key) : this.offset(node);
    const known = offset >= 0 ? offset : key === undefined ? -1 : this.offset(key);
    return known < 0 ? undefined : this.lineAndColumn(known);
  }

  private offset(at: number): number {
    const event = this.events[at];
    if (event?.type === EVENT_ID.SCALAR) {
      const quoted = event.style === 2 || event.style === 3;
      return event.valueStart < 0
        ? -1
        : event.valueStart - (quoted && "\"'".includes(this.text[event.valueStart - 1] ?? " ") ? 1 : 0);
    }
    if (event?.type === EVENT_ID.ALIAS) return event.anchorStart - 1;
    return event?.type === EVENT_ID.MAPPING || event?.type === EVENT_ID.SEQUENCE ? event.start : -1;
  }

  private lineAndColumn(offset: number): Position {
    if (this.lineStarts === undefined) {
      this.lineStarts = [0];
      for (let i = this.text.indexOf("\n"); i >= 0; i = this.text.indexOf("\n", i + 1)) this.lineStarts.push(i + 1);
    }
    const starts = this.lineStarts;
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] as number) + 1 };
  }
}
