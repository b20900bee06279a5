import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";

/** Linkerd's CRDs, Gateway API 1.2.1 among them, laid beside the checkout; nothing of them is part of this package. */
const folder = join(__dirname, "../../../../shared/inputs/linkerd-crds");
const APPROVED = "api-approved.kubernetes.io";

interface Crd {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
}

/** The CRDs as one YAML text, or undefined where they are absent: said in one line. */
export function linkerdCrds(title: string): string | undefined {
  if (!existsSync(folder)) {
    process.stderr.write(`${title}: skipped, Linkerd's CRDs are absent (../shared/inputs/linkerd-crds)\n`);
    return undefined;
  }
  const crds = readdirSync(folder)
    .flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), "utf8")))
    .map((document) => document.toJS() as Crd | null)
    .filter((crd) => crd !== null)
    // The API server keeps *.k8s.io for definitions that name their approval, which these leave to their chart.
    .map(({ metadata, ...rest }) => ({
      ...rest,
      metadata: { ...metadata, annotations: { ...metadata.annotations, [APPROVED]: "unapproved, for tests" } },
    }));
  return crds.map((crd) => `---\n${JSON.stringify(crd)}\n`).join("");
}
