/** What the engine tells of one step; a part of the SDK's EngineEvent, which this folder does not import. */
export interface StepMetadata {
  readonly op: string;
  readonly urn: string;
  readonly diffs?: readonly string[];
  readonly detailedDiff?: Readonly<Record<string, unknown>>;
  readonly old?: { readonly parent: string };
  readonly new?: { readonly parent: string };
}
export interface StepEvent {
  readonly resourcePreEvent?: { readonly metadata: StepMetadata };
  readonly resOutputsEvent?: { readonly metadata: StepMetadata };
  readonly resOpFailedEvent?: { readonly metadata: StepMetadata };
}

interface Step {
  readonly urn: string;
  readonly parent: string;
  op: string;
  state: "planned" | "running" | "done" | "failed";
  /** Names of the properties that differ. */
  differs: readonly string[];
  /** In milliseconds of the clock that the tree was given. */
  started: number;
  ended?: number;
}

/** How an operation is called before, while and after it happens, and its sign. A step that is none of these is not shown. */
const words: Readonly<Record<string, readonly [sign: string, plan: string, doing: string, done: string]>> = {
  create: ["+", "create", "creating", "created"],
  update: ["~", "update", "updating", "updated"],
  replace: ["±", "replace", "replacing", "replaced"],
  "create-replacement": ["±", "replace", "replacing", "replaced"],
  "delete-replaced": ["±", "replace", "removing the old one", "replaced"],
  delete: ["-", "delete", "deleting", "deleted"],
  import: ["=", "import", "importing", "imported"],
  read: ["<", "read", "reading", "read"],
};

/** The steps of one operation of the engine as a tree of resources. `now` gives milliseconds. */
export class StepTree {
  readonly #steps = new Map<string, Step>();

  constructor(
    readonly planning: boolean,
    private readonly now: () => number,
  ) {}

  /** Takes one event; gives the line of a step that has just ended, for output that cannot be drawn anew. */
  take({ resourcePreEvent, resOutputsEvent, resOpFailedEvent }: StepEvent): string | undefined {
    if (resourcePreEvent !== undefined) this.#begin(resourcePreEvent.metadata);
    else if (resOutputsEvent !== undefined && !this.planning) return this.#end(resOutputsEvent.metadata, "done");
    else if (resOpFailedEvent !== undefined) return this.#end(resOpFailedEvent.metadata, "failed");
    return undefined;
  }

  /** What changes, as a tree: resources that stay as they are appear only above one that does not. */
  lines(): string[] {
    const children = new Map<string, Step[]>();
    for (const step of this.#steps.values()) {
      const parent = this.#steps.has(step.parent) ? step.parent : "";
      children.set(parent, [...(children.get(parent) ?? []), step]);
    }
    const shown = (step: Step): boolean => isChange(step) || (children.get(step.urn) ?? []).some(shown);
    const lines: string[] = [];
    const draw = (parent: string, indent: string): void => {
      const below = (children.get(parent) ?? []).filter(shown);
      below.forEach((step, index) => {
        const last = index === below.length - 1;
        const top = parent === "";
        lines.push(`${indent}${top ? "" : last ? "└─ " : "├─ "}${this.#line(step)}`);
        draw(step.urn, top ? indent : `${indent}${last ? "   " : "│  "}`);
      });
    };
    draw("", "");
    return lines;
  }

  /** `+ 12 to create, ~ 1 to update, 40 unchanged`; what an operation of several steps does counts once. */
  summary(): string {
    const counts = new Map<string, number>();
    let same = 0;
    for (const step of this.#steps.values()) {
      const [sign, plan, , done] = words[step.op] ?? [];
      if (sign === undefined) same += 1;
      else if (this.planning || step.state === "done") {
        const what = `${sign} %d ${this.planning ? `to ${plan}` : done}`;
        counts.set(what, (counts.get(what) ?? 0) + 1);
      }
    }
    const failed = [...this.#steps.values()].filter(({ state }) => state === "failed").length;
    const parts = [...counts].map(([what, count]) => what.replace("%d", String(count)));
    if (failed > 0) parts.push(`${failed} failed`);
    if (same > 0) parts.push(`${same} unchanged`);
    return parts.join(", ") || "nothing";
  }

  /** Whether anything is to change. */
  get changes(): boolean {
    return [...this.#steps.values()].some(isChange);
  }

  #begin(metadata: StepMetadata): void {
    const { op, urn } = metadata;
    const before = this.#steps.get(urn);
    const differs = [...new Set([...(metadata.diffs ?? []), ...Object.keys(metadata.detailedDiff ?? {})])];
    this.#steps.set(urn, {
      urn,
      parent: (metadata.new ?? metadata.old)?.parent ?? "",
      op: op in words || before === undefined ? op : before.op,
      state: this.planning ? "planned" : "running",
      differs: differs.length > 0 ? differs : (before?.differs ?? []),
      started: before?.started ?? this.now(),
    });
  }

  #end({ urn, op }: StepMetadata, state: "done" | "failed"): string | undefined {
    const step = this.#steps.get(urn);
    // A component's outputs come long after the component; the step is over once.
    if (step === undefined || step.state !== "running") return undefined;
    step.state = state;
    step.ended = this.now();
    return op in words ? this.#line(step) : undefined;
  }

  #line(step: Step): string {
    const [, plan, doing, done] = words[step.op] ?? [];
    const name = nameOf(step.urn);
    if (plan === undefined) return name;
    const sign = words[step.op]?.[0] ?? " ";
    const differs = step.differs.length > 0 ? ` (${shorten(step.differs)})` : "";
    const time = `${(((step.ended ?? this.now()) - step.started) / 1000).toFixed(1)} s`;
    const said = {
      planned: `${plan}${differs}`,
      running: `${doing} ${time}`,
      done: `${done}${differs} ${time}`,
      failed: `FAILED after ${time}`,
    };
    return `${sign} ${name}  ${said[step.state]}`;
  }
}

const isChange = ({ op }: Step): boolean => op in words;

/** `VirtualService shop/echo`, of `urn:pulumi:dev::shop::…$kubernetes:networking.istio.io/v1:VirtualService::shop/echo`. */
function nameOf(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  const type = types.split("$").at(-1)?.split(/[:/]/).at(-1) ?? types;
  return `${type} ${name.join("::")}`;
}

const shorten = (names: readonly string[]): string =>
  names.length <= 3 ? names.join(", ") : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;
