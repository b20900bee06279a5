import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BackendName } from "../../../src/model";

interface Proofs {
  /** Where a backend's golden cases are, under test/renderers. */
  readonly cases: string;
  /** Suites that hand every one of them to what reads it in earnest, or to its schemas; each names the folder. */
  readonly suites: Readonly<Record<string, RegExp>>;
}
const aws = (name: string): Proofs => ({
  cases: `${name}/cases`,
  suites: {
    "e2e/aws-calls.test.ts": /plans\(backend\)/,
    "e2e/aws-inputs.test.ts": /plans\(backend\)/,
    "e2e/support/aws-meshes.ts": /casesIn\(join\(root, "test\/renderers", backend, "cases"\)\)/,
  },
});

/** By backend: the cases that show its features, and the suites that prove all of them. */
export const proofs: Readonly<Record<BackendName, Proofs>> = {
  istio: {
    cases: "istio/cases",
    suites: {
      "e2e/apiserver.test.ts": /casesIn\(join\(root, "test\/renderers\/istio\/cases"\)\)/,
      "e2e/istio-validate.test.ts": /casesIn\(join\(root, "test\/renderers\/istio\/cases"\)\)/,
      "renderers/istio/golden.test.ts": /againstIstioSchemas\(manifests\)/,
    },
  },
  "istio-managed-csm": {
    cases: "istio/cases",
    suites: { "renderers/istio/golden.test.ts": /flavour: "managed-csm"[^]*againstIstioSchemas\(manifests\)/ },
  },
  linkerd: {
    cases: "linkerd/cases",
    suites: { "e2e/linkerd.test.ts": /casesIn\(join\(__dirname, "\.\.\/renderers\/linkerd\/cases"\)\)/ },
  },
  appmesh: aws("appmesh"),
  "vpc-lattice": aws("vpc-lattice"),
  gcsm: {
    cases: "gcsm/cases",
    suites: {
      "e2e/gcsm-types.test.ts": /renderers\/gcsm\/cases/,
      "renderers/gcsm/golden.test.ts": /ruleMistakes\(/,
    },
  },
  proxy: {
    cases: "proxy/cases",
    suites: {
      "e2e/proxy-render.test.ts": /renderers\/proxy\/cases/,
      "renderers/proxy/golden.test.ts": /refused\(/,
    },
  },
};

/** Suites that are not there, or that do not take the cases. */
export const absentSuites = (backend: BackendName, root: string): string[] =>
  Object.entries(proofs[backend].suites).flatMap(([file, takes]) => {
    try {
      return takes.test(readFileSync(join(root, file), "utf8")) ? [] : [`${file} takes no cases of ${backend}`];
    } catch {
      return [`${file} is not there`];
    }
  });
