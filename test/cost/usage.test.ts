import { estimate, loadUsage, presetNames, presetText } from "../../src/cost";
import { meshOf, usageOf } from "./support/mesh";

const load = (body: string) => loadUsage(`version: 0.1\n${body}`, { file: "usage.yml" });
const problems = (body: string): string[] => {
  const { usage, findings } = load(body);
  expect(usage).toBeUndefined();
  return findings.map((f) => `${f.code} ${f.file}:${f.line} ${f.path}`);
};
const service = (line: string): string => `resource_usage:\n  service.shop/cart:\n    ${line}`;

describe("a usage file", () => {
  test("of another version is refused", () => {
    const { findings } = loadUsage("version: 0.2\nresource_usage: {}", { file: "usage.yml" });
    expect(findings.map((f) => `${f.code} ${f.line} ${f.path}`)).toEqual(["MESH5002 1 version"]);
  });
  test.each([
    ["a key written twice", "resource_usage: {}\nversion: 0.2", "MESH5001 usage.yml:3 "],
    ["an unknown address", "resource_usage:\n  pod.cart: {}", 'MESH5002 usage.yml:3 resource_usage["pod.cart"]'],
    ["an unknown key", service("requests: 5"), 'MESH5002 usage.yml:4 resource_usage["service.shop/cart"].requests'],
    [
      "a negative rate",
      service("requests_per_second: -1"),
      'MESH5020 usage.yml:4 resource_usage["service.shop/cart"].requests_per_second',
    ],
    [
      "more than 100 percent",
      service("cross_zone_percent: 101"),
      'MESH5020 usage.yml:4 resource_usage["service.shop/cart"].cross_zone_percent',
    ],
    [
      "a peak below the average",
      service("requests_per_second: { average: 9, peak: 8 }"),
      'MESH5020 usage.yml:4 resource_usage["service.shop/cart"].requests_per_second.peak',
    ],
    [
      "the same rate twice",
      service("{ requests_per_second: 1, monthly_requests: 5 }"),
      'MESH5022 usage.yml:4 resource_usage["service.shop/cart"].monthly_requests',
    ],
    [
      "data in two ways",
      service("{ monthly_data_gb: 1, request_bytes: 5 }"),
      'MESH5022 usage.yml:4 resource_usage["service.shop/cart"].request_bytes',
    ],
  ])("%s is an error with its line", (_, body, expected) => expect(problems(body)).toContain(expected));

  test("names something that the mesh does not have: an error where it is written", () => {
    const { usage } = load("resource_usage:\n  service.shop/cart: { replicas: 1 }\n  service.card: { replicas: 1 }");
    const { findings } = estimate(meshOf([{ name: "cart" }]), "istio", { usage });
    expect(findings.filter((f) => f.level === "error").map((f) => `${f.code} ${f.file}:${f.line}`)).toEqual([
      "MESH5021 usage.yml:4",
    ]);
  });
  test("addresses a service of the mesh's own namespace by name alone, and defaults the rest by type", () => {
    const usage = usageOf({
      own: { "service.cart": { monthly_data_gb: 7 } },
      defaults: { service: { request_bytes: 1, response_bytes: 1, requests_per_hour: 10, cross_zone_percent: 50 } },
    });
    const { lines } = estimate(meshOf([{ name: "cart" }, { name: "web" }]), "vpc-lattice", { usage });
    const quantity = (owner: string, sku: string) =>
      lines.find((l) => l.owner === owner && l.sku === sku)?.quantity?.expected.toFixed(6);
    expect(quantity("service.shop/cart", "aws.lattice.data")).toBe("7.000000");
    expect(quantity("service.shop/cart", "aws.lattice.requests")).toBe("0.007300");
    expect(quantity("service.shop/web", "aws.lattice.data")).toBe("0.000014");
  });
  test("low is the average, expected the average grown, high the peak", () => {
    const usage = usageOf({
      own: { "service.cart": { monthly_data_gb: { average: 100, peak: 300 }, growth_percent: 20 } },
    });
    const line = estimate(meshOf([{ name: "cart" }]), "vpc-lattice", { usage }).lines.find(
      (l) => l.sku === "aws.lattice.data",
    );
    expect([line?.monthly?.low, line?.monthly?.expected, line?.monthly?.high].map(String)).toEqual(["2.5", "3", "7.5"]);
  });
  test("adds lines of one's own by SKU, and an unknown SKU is an error where it is written", () => {
    const body =
      "resource_usage:\n  mesh:\n    additional:\n      - { sku: aws.alb.hour, name: Front door, component: traffic, monthly_quantity: 730 }\n      - { sku: corp.x, monthly_quantity: 1 }";
    const { usage } = load(body);
    const { lines, findings } = estimate(meshOf([{ name: "cart" }]), "istio", { usage });
    expect(lines.find((l) => l.name === "Front door")?.monthly?.expected.toFixed(3)).toBe("16.425");
    expect(findings.filter((f) => f.level === "error").map((f) => `${f.code} ${f.path} ${f.file}:${f.line}`)).toEqual([
      "MESH5030 corp.x usage.yml:6",
    ]);
  });
});

test.each(presetNames)("preset %s leaves nothing open on a measured backend", (name) => {
  const { usage, findings } = loadUsage(presetText(name) ?? "");
  expect(findings).toEqual([]);
  expect(estimate(meshOf([{ name: "cart", replicas: 2 }]), "istio", { usage: usage! }).open).toBe(0);
});
test("presets grow from small to large", () => {
  const totals = presetNames.map(
    (name) =>
      [
        name,
        estimate(meshOf([{ name: "cart" }]), "vpc-lattice", { usage: loadUsage(presetText(name)!).usage! }).monthly
          .expected,
      ] as const,
  );
  expect([...totals].sort((a, b) => a[1].compare(b[1])).map(([name]) => name)).toEqual(["small", "medium", "large"]);
});
