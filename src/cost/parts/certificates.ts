import { Decimal } from "../decimal";
import type { Context, Demand } from "../demand";
import { same } from "../scenarios";

/** A managed private CA, where mTLS is on and the backend takes its certificates from one. */
export function* privateCa(
  context: Context,
  ca: { readonly sku: string; readonly certificate: string; readonly name: string },
): Generator<Demand> {
  if (!usesTls(context)) return;
  const shared = { owner: "mesh", component: "certificates" as const };
  yield { ...shared, name: ca.name, sku: ca.sku, usageBased: false, quantity: same(Decimal.one) };
  yield {
    ...shared,
    name: "Certificates",
    sku: ca.certificate,
    usageBased: true,
    quantity: context.usage.mesh.certificatesPerMonth,
    missing: "certificates_per_month of mesh",
  };
}
const usesTls = ({ model }: Context): boolean =>
  model.mtls.mode !== "DISABLE" || model.policies.mtls.some((policy) => policy.mode !== "DISABLE");

export const AWS_PRIVATE_CA = {
  general: { sku: "aws.pca.general", certificate: "aws.pca.certificate", name: "Private CA" },
  "short-lived": {
    sku: "aws.pca.short-lived",
    certificate: "aws.pca.certificate-short-lived",
    name: "Private CA (short-lived certificates)",
  },
} as const;
export const GOOGLE_CAS = {
  devops: { sku: "gcp.cas.devops", certificate: "gcp.cas.devops-certificate", name: "CA Service (DevOps)" },
  enterprise: {
    sku: "gcp.cas.enterprise",
    certificate: "gcp.cas.enterprise-certificate",
    name: "CA Service (Enterprise)",
  },
} as const;
/** The choice that `spec.backends.NAME.KEY` names, of a table; undefined where it names none. */
export const chosen = <T>(table: Readonly<Record<string, T>>, value: unknown): T | undefined =>
  typeof value === "string" && Object.hasOwn(table, value) ? table[value] : undefined;
