/** Vendors' own worked examples, and Infracost's golden figures where there is none, to the cent. */
import { bundledBook, Decimal, estimate } from "../../src/cost";
import { charge } from "../../src/cost/price";
import { findPrice } from "../../src/cost/price-book";
import { costOf, meshOf, usageOf } from "./support/mesh";

const vendor = bundledBook("vendor");
/** What a month's quantity of a SKU costs, by tier. */
function bill(sku: string, quantity: number | string, region = "us-east-1"): string[] {
  const { price } = findPrice(vendor, sku, region);
  if (!price) throw new Error(`no ${sku} in ${region}`);
  return charge(price, Decimal.of(quantity)).map(({ monthly }) => monthly.toFixed(2));
}
const services = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `s${i}` }));

describe("VPC Lattice, https://aws.amazon.com/vpc/lattice/pricing/", () => {
  test("example 1: 100 services, 100 GB and 200,000 requests an hour each, stay within the free requests", () => {
    const usage = usageOf({ defaults: { service: { requests_per_hour: 200000, monthly_data_gb: 100 } } });
    const result = estimate(meshOf(services(100)), "vpc-lattice", { usage });
    const total = (sku: string) =>
      costOf(result, sku)
        .reduce((sum, c) => sum.plus(Decimal.of(c)), Decimal.zero)
        .toFixed(2);
    expect(total("aws.lattice.service")).toBe("1825.00");
    expect(total("aws.lattice.data")).toBe("250.00");
    expect(total("aws.lattice.requests")).toBe("0.00");
    expect(result.monthly.expected.toFixed(2)).toBe("2075.00");
  });
  test("above 300,000 requests an hour each further million costs $0.10, service by service", () => {
    const usage = usageOf({ defaults: { service: { requests_per_hour: 1000000, monthly_data_gb: 0 } } });
    const result = estimate(meshOf(services(10)), "vpc-lattice", { usage });
    // 10 services × 700,000 requests × 730 h × $0.10 per million
    expect(result.monthly.expected.minus(Decimal.of("182.5")).toFixed(2)).toBe("511.00");
  });
});

describe("AWS Private CA, Infracost's acmpca_certificate_authority", () => {
  test.each([
    ["1,000", 1000, ["750.00", "0.00", "0.00"]],
    ["10,000", 10000, ["750.00", "3150.00", "0.00"]],
    ["20,001", 20001, ["750.00", "3150.00", "10.00"]],
  ])("%s certificates of a general-purpose CA", (_, count, tiers) => {
    expect(bill("aws.pca.certificate", count)).toEqual(tiers);
  });
  test("20,001 short-lived certificates are $1,160.06 beside $50 for the CA", () => {
    expect(bill("aws.pca.certificate-short-lived", 20001)).toEqual(["1160.06"]);
    expect(bill("aws.pca.short-lived", 1)).toEqual(["50.00"]);
    expect(bill("aws.pca.general", 1)).toEqual(["400.00"]);
  });
  test("an App Mesh with mTLS is billed its CA and its certificates by tier", () => {
    const usage = usageOf({ own: { mesh: { certificates_per_month: 20001 } } });
    const result = estimate(meshOf(services(1)), "appmesh", { usage });
    expect(result.byComponent.certificates.expected.toFixed(2)).toBe("4310.00");
    expect(result.lines.filter((l) => l.component === "certificates").map((l) => l.name)).toEqual([
      "Private CA",
      "Certificates (first 1K)",
      "Certificates (next 9K)",
      "Certificates (over 10K)",
    ]);
  });
});

describe("compute, traffic and telemetry, Infracost's golden files", () => {
  test.each([
    ["Fargate: 1 vCPU (aws_ecs_service)", "aws.fargate.vcpu", 730, ["29.55"]],
    ["Fargate: 2 vCPU", "aws.fargate.vcpu", 1460, ["59.10"]],
    ["Fargate: 2 GB", "aws.fargate.memory", 1460, ["6.49"]],
    ["Fargate: 4 GB", "aws.fargate.memory", 2920, ["12.98"]],
    ["EKS: a cluster (aws_eks_cluster)", "aws.eks.cluster", 730, ["73.00"]],
    ["EKS: a cluster in extended support", "aws.eks.cluster-extended-support", 730, ["438.00"]],
    ["cross-zone: 2,000 GB one way (aws_data_transfer)", "aws.transfer.cross-zone", 2000, ["20.00"]],
    ["NAT gateway (aws_nat_gateway)", "aws.nat.hour", 730, ["32.85"]],
    ["NAT gateway: 100 GB", "aws.nat.data", 100, ["4.50"]],
    ["ALB: 1,000 LCU-hours (aws_lb)", "aws.alb.lcu", 1000, ["8.00"]],
    ["NLB: 1,000 LCU-hours", "aws.nlb.lcu", 1000, ["6.00"]],
    ["CloudWatch: 1,000 GB of logs (aws_cloudwatch_log_group)", "aws.cloudwatch.logs", 1000, ["500.00"]],
  ])("%s", (_, sku, quantity, expected) => expect(bill(sku, quantity)).toEqual(expected));

  test.each([
    ["GKE: a cluster (google_container_cluster)", "gcp.gke.cluster", 730, ["73.00"]],
    ["Autopilot: 10 vCPU", "gcp.autopilot.vcpu", 7300, ["324.85"]],
    ["Autopilot: 50 GB", "gcp.autopilot.memory", 36500, ["179.67"]],
    ["a forwarding rule (google_compute_forwarding_rule)", "gcp.forwarding-rule.hour", 730, ["7.30"]],
    ["its 100 GB", "gcp.forwarding-rule.data", 100, ["0.80"]],
    ["GKE: one Autopilot cluster is within the $74.40 credit", "gcp.gke.cluster-free-tier", 730, ["0.00", "0.00"]],
    ["GKE: of two, the credit leaves $71.60", "gcp.gke.cluster-free-tier", 1460, ["0.00", "71.60"]],
    ["logging: of 60 GiB 50 are free", "gcp.logging", 60, ["0.00", "5.00"]],
  ])("%s", (_, sku, quantity, expected) => expect(bill(sku, quantity, "us-central1")).toEqual(expected));

  test("traffic between zones is billed on both sides on AWS and once on Google Cloud", () => {
    const usage = usageOf({ defaults: { service: { monthly_data_gb: 2000, cross_zone_percent: 50 } } });
    const model = meshOf(services(1));
    expect(costOf(estimate(model, "istio", { usage }), "aws.transfer.cross-zone")).toEqual(["20.00"]);
    expect(costOf(estimate(model, "gcsm", { usage }), "gcp.transfer.cross-zone")).toEqual(["10.00"]);
  });
});

describe("the article's table", () => {
  const model = meshOf([{ name: "mesh-service", replicas: 3 }]);
  test.each([
    ["appmesh", "12.045"],
    ["gcsm", "13.14"],
    ["istio", "0"],
    ["linkerd", "0"],
  ] as const)("three replicas on %s are $%s a month", (backend, expected) => {
    const result = estimate(model, backend, { book: bundledBook("article") });
    expect(result.monthly.expected.toString()).toBe(expected);
    expect(new Set(result.lines.map((line) => line.component))).toEqual(new Set(["mesh-fee"]));
  });
  test("the report says where a published price contradicts it", () => {
    const codes = (backend: "appmesh" | "gcsm" | "istio") =>
      estimate(model, backend, { book: bundledBook("article") }).findings.filter((f) => f.code === "MESH5034");
    expect(codes("appmesh")[0]?.message).toContain("charged nothing for App Mesh itself");
    expect(codes("gcsm")[0]?.message).toContain("$0.0006945");
    expect(codes("istio")).toEqual([]);
  });
  test("Google's own price is about $0.50 a client and month", () => {
    expect(estimate(meshOf([{ name: "one" }]), "gcsm").byComponent["mesh-fee"].expected.toFixed(2)).toBe("0.51");
  });
  test("it prices no backend that it does not name", () => {
    const result = estimate(model, "vpc-lattice", { book: bundledBook("article") });
    expect(result.findings.filter((f) => f.level === "error").map((f) => f.code)).toEqual([
      "MESH5030",
      "MESH5030",
      "MESH5030",
    ]);
  });
});
