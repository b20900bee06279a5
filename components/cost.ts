import * as pulumi from "@pulumi/pulumi";
import {
  type CostRecord,
  Decimal,
  estimate,
  type EstimateOptions,
  homeOf,
  overStackBudget,
  type PlatformName,
  platformNames,
  recordLess,
  recordLine,
  recordOf,
} from "../src/cost";
import { readBook, readUsage } from "../src/cli/cost-files";
import { fromObject, type BackendName, type Finding, type Model } from "../src/model";
import type { CostArgs } from "./args";
import { lastCost } from "./cost-before";
import { codes, userError } from "./errors";
import { projectRoot, type Settings } from "./settings";
import { ownersDocument } from "./sharing/compile";

/** What a mesh costs a month, as estimated before anything of it is made. Amounts are decimal strings. */
export interface MeshCost {
  /** Name of the mesh. */
  mesh: string;
  /** What it runs on. */
  backend: string;
  /** Region of the prices. */
  region: string;
  /** Where its proxies run. */
  platform: string;
  /** Price book that was used. */
  priceBook: string;
  /** Currency of all amounts. */
  currency: string;
  /** Expected total. */
  monthly: string;
  /** Total at the average load. */
  low: string;
  /** Total as if the peak lasted all month. */
  high: string;
  /** Expected, by component: mesh-fee, data-plane, control-plane, certificates, traffic, telemetry. */
  byComponent: Record<string, string>;
  /** Expected, by mesh, service.NAMESPACE/NAME and gateway.NAMESPACE/NAME. */
  byOwner: Record<string, string>;
  /** Lines that depend on usage, a measurement or a vendor's offer; they are in no amount. */
  open: number;
}

/** How a mesh is priced and what it may cost: its arguments over the stack's config. */
export interface Costing {
  readonly options: EstimateOptions;
  /** Of this mesh alone. */
  readonly budget?: Decimal;
  /** Of all meshes of the stack together. */
  readonly stackBudget?: Decimal;
  readonly overBudget: "error" | "warning";
}

/** Pulumi's own, of every provider. */
const ofPlugin = new Set(["meshup:version", "meshup:pluginDownloadURL"]);
const configKeys = ["usage", "priceBook", "region", "platform", "budget", "overBudget"] as const;

/** Reads arguments and config, and the files that they name. Throws what is wrong as a user's error. */
export function readCosting(mesh: string, backend: string, args: CostArgs = {}): Costing {
  const config = new pulumi.Config("meshup");
  refuseOtherKeys();
  const { usage, priceBook = "vendor", region, platform, overBudget = "error" } = { ...textsOf(config), ...args };
  if (overBudget !== "error" && overBudget !== "warning")
    throw wrong(mesh, `overBudget is ${JSON.stringify(overBudget)}; allowed: error, warning.`);
  if (platform !== undefined && !platformNames.includes(platform as PlatformName))
    throw wrong(mesh, `platform is ${JSON.stringify(platform)}; allowed: ${platformNames.join(", ")}.`);
  const root = projectRoot();
  try {
    return {
      options: {
        book: readBook(priceBook, root),
        usage: usage === undefined ? undefined : readUsage(usage, root),
        region: region ?? regionOf(backend as BackendName),
        platform:
          (platform as PlatformName | undefined) ?? (backend === "proxy" && region === undefined ? "self" : undefined),
        today: new Date().toISOString().slice(0, 10),
      },
      budget: amount(mesh, "budget", args.budget),
      stackBudget: amount(mesh, "meshup:budget", config.get("budget")),
      overBudget,
    };
  } catch (error) {
    if (error instanceof pulumi.ResourceError) throw error;
    throw wrong(mesh, error instanceof Error ? textOf(error) : String(error));
  }
}

/** The text of each key that the config has; the budget is the stack's, not one mesh's. */
const textsOf = (config: pulumi.Config): CostArgs =>
  Object.fromEntries(
    configKeys.flatMap((key) => {
      const value = key === "budget" ? undefined : config.get(key);
      return value === undefined ? [] : [[key, value]];
    }),
  );

function refuseOtherKeys(): void {
  // A project of this name has keys of its own there.
  if (pulumi.getProject() === "meshup") return;
  const known = configKeys.map((key) => `meshup:${key}`);
  const other = Object.keys(pulumi.runtime.allConfig()).filter(
    (key) => key.startsWith("meshup:") && !known.includes(key) && !ofPlugin.has(key),
  );
  if (other.length > 0)
    throw new pulumi.RunError(
      `${codes.stackConfig}: ${other.join(", ")} is not a key of meshup, which reads ${known.join(", ")}`,
    );
}

/** Where the cloud's own provider works, for backends that only run there. */
function regionOf(backend: BackendName): string | undefined {
  const home = homeOf[backend];
  return home === undefined ? undefined : new pulumi.Config(home === "aws" ? "aws" : "gcp").get("region");
}

function amount(mesh: string, key: string, value: number | string | undefined): Decimal | undefined {
  if (value === undefined) return undefined;
  const read = Decimal.parse(value);
  if (read !== undefined && !read.isNegative) return read;
  throw wrong(mesh, `${key} is ${JSON.stringify(value)}, and should be an amount a month, such as 500.`);
}

const textOf = (error: Error): string =>
  "findings" in error ? `\n${(error.findings as readonly Finding[]).map(placed).join("\n")}` : error.message;
const placed = ({ file, line, code, message, remedy }: Finding): string =>
  `  ${file === undefined ? "" : `${file}:${line ?? 1}: `}${code} ${message}. ${remedy}`;
const wrong = (mesh: string, text: string): Error =>
  userError(codes.costSettings, `Mesh ${mesh} cannot be priced: ${text}`, "docs/cost.md lists the settings.");

/** Meshes of one run of one program, by the engine's monitor: budgets of the stack are for all of them. */
const priced = new WeakMap<object, Map<pulumi.Resource, CostRecord>>();

/**
 * What the mesh costs, or this stack's share of another's. Says so, and throws, or only warns, over a
 * budget. A price that is not known never stops a deployment: it is told, and its line is open.
 */
export function priceMesh(
  mesh: pulumi.Resource,
  model: Model,
  { backend, shared }: Settings,
  costing: Costing,
): MeshCost {
  const of = (priceable: Model) => estimate(priceable, backend as BackendName, costing.options);
  const whole = of(model);
  const unknown = whole.findings.filter(({ level, code }) => level === "error" || code === "MESH5033");
  for (const { code, message, remedy } of unknown) void pulumi.log.warn(`${code}: ${message}. ${remedy}`, mesh);
  const owners = shared && fromObject(ownersDocument(shared)).model;
  const record = owners ? recordLess(recordOf(whole), recordOf(of(owners))) : recordOf(whole);
  hold(mesh, record, costing);
  if (pulumi.runtime.getEngine() !== undefined) void say(mesh, record);
  return record;
}

function hold(mesh: pulumi.Resource, record: CostRecord, { budget, stackBudget, overBudget }: Costing): void {
  const run: object = pulumi.runtime.getMonitor() ?? mesh;
  const all = (priced.get(run) ?? new Map<pulumi.Resource, CostRecord>()).set(mesh, record);
  priced.set(run, all);
  const findings = [
    budget &&
      overStackBudget([record], budget, {
        what: `mesh ${record.mesh}`,
        remedy: RAISE.replace("KEY", "its cost.budget"),
      }),
    stackBudget &&
      overStackBudget([...all.values()], stackBudget, {
        what: `stack ${pulumi.getStack()}`,
        remedy: RAISE.replace("KEY", "meshup:budget in the stack's config"),
      }),
  ];
  for (const finding of findings) {
    if (finding === undefined) continue;
    const { code, message, remedy } = finding;
    if (overBudget === "error") throw userError("MESH5040", `${message}.`, remedy, mesh);
    void pulumi.log.warn(`${code}: ${message}. ${remedy}`, mesh);
  }
}
const RAISE = "Raise KEY, or look for what to save: meshup cost compare FILE.";

/**
 * One line beside the mesh, with what the last update said where that is known. Updates ask as previews do: the engine
 * keeps a provider for the question, and one that only previews had would be a change in every one of them.
 */
async function say(mesh: pulumi.Resource, record: CostRecord): Promise<void> {
  const done: () => void = pulumi.runtime.rpcKeepAlive();
  try {
    await pulumi.log.info(`cost: ${recordLine(record, await lastCost(mesh))}`, mesh);
  } finally {
    done();
  }
}
