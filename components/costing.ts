import * as pulumi from "@pulumi/pulumi";
import { Decimal, type EstimateOptions, homeOf, type PlatformName, platformNames } from "../src/cost";
import { readBook, readUsage } from "../src/cli/cost-files";
import type { BackendName, Finding } from "../src/model";
import type { CostArgs } from "./args";
import { codes, userError } from "./errors";
import { projectRoot } from "./settings";

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
type Data = Readonly<Record<string, unknown>>;
const configKeys = ["usage", "priceBook", "region", "platform", "budget", "overBudget"] as const;

/** Reads arguments and config, and the files that they name. Throws what is wrong as a user's error. */
export function readCosting(mesh: string, backend: string, args: CostArgs = {}, spec: Data = {}): Costing {
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
        region: region ?? regionOf(backend as BackendName, spec),
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

/** Where the backend says that it runs, or else the cloud's own provider, for backends that only run in one cloud. */
function regionOf(backend: BackendName, spec: Data): string | undefined {
  const home = homeOf[backend];
  if (home === undefined) return undefined;
  const { zone } = ((spec.backends as Data | undefined)?.[backend] ?? {}) as { readonly zone?: unknown };
  // A zone is its region and a letter: europe-west1-b.
  const own = typeof zone === "string" ? zone.replace(/-[a-z]$/, "") : undefined;
  return own ?? new pulumi.Config(home === "aws" ? "aws" : "gcp").get("region");
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
