import { bundledBook, Decimal, loadBook } from "../../src/cost";
import { charge } from "../../src/cost/price";
import { findPrice } from "../../src/cost/price-book";

const HEAD = `version: 1
name: team
dateRead: 2026-11-01
currency: USD
`;
const PRICE = "provider: aws, unit: GB, source: contract";
const codesAndLines = (text: string, resolve?: (name: string) => string | undefined): string[] => {
  const { book, findings } = loadBook(text, { file: "team.yaml", ...(resolve ? { resolve } : {}) });
  expect(book).toBeUndefined();
  return findings.map((f) => `${f.code} ${f.file}:${f.line} ${f.path}`);
};

describe("bundled books", () => {
  test.each(["vendor", "article"])("%s: every price says where it comes from and when it was read", (name) => {
    for (const regions of bundledBook(name).prices.values())
      for (const { source, dateRead, tiers, ask } of regions.values()) {
        expect(source).not.toBe("");
        expect(Date.parse(dateRead)).toBeLessThanOrEqual(Date.parse("2026-11-23"));
        expect(tiers.length > 0).toBe(ask === undefined);
      }
  });
  test("an unknown name is refused", () => expect(() => bundledBook("toString")).toThrow(RangeError));
});

describe("a book that extends another", () => {
  const layered = (prices: string, more = "") =>
    loadBook(`${HEAD}extends: [vendor]\n${more}prices:\n${prices}`, { file: "team.yaml" });
  test("keeps what it does not name, replaces what it overrides, and adds what is new", () => {
    const { book, findings } = layered(`
  - { sku: aws.lattice.data, region: us-east-1, ${PRICE}, price: 0.02, override: true }
  - { sku: aws.lattice.data, region: eu-west-1, ${PRICE}, price: 0.03 }
  - { sku: corp.licence, ${PRICE}, price: "100.10" }`);
    expect(findings).toEqual([]);
    const price = (sku: string, region: string) => findPrice(book!, sku, region).price?.tiers[0]?.price.toString();
    expect(price("aws.lattice.data", "us-east-1")).toBe("0.02");
    expect(price("aws.lattice.data", "eu-west-1")).toBe("0.03");
    expect(price("aws.lattice.service", "us-east-1")).toBe("0.025");
    expect(price("corp.licence", "anywhere")).toBe("100.1");
    expect(findPrice(book!, "aws.lattice.data", "us-west-2")).toEqual({
      regions: ["us-east-1", "ap-northeast-1", "eu-west-1"],
    });
  });
  test("fills in the article's empty volume tiers", () => {
    const text = `${HEAD}extends: [article]
prices:
  - sku: mesh.appmesh.instance
    provider: aws
    unit: instance-hours
    scope: account
    override: true
    tiers: [{ from: 0, to: 10000, price: 0.0055 }, { from: 10000, price: 0.004 }]
    source: contract
`;
    const { book } = loadBook(text);
    const { price } = findPrice(book!, "mesh.appmesh.instance", "us-east-1");
    expect(charge(price!, Decimal.of(20000)).map(({ monthly }) => monthly.toString())).toEqual(["55", "40"]);
  });
  test("resolves a file beside it", () => {
    const base = `${HEAD.replace("team", "base")}prices: [{ sku: corp.a, ${PRICE}, price: 1 }]`;
    const { book } = loadBook(`${HEAD}extends: [base.yaml]\nprices: []`, {
      resolve: (n) => (n === "base.yaml" ? base : undefined),
    });
    expect(book?.prices.has("corp.a")).toBe(true);
  });
  test("a pin holds the date of the book below", () => {
    expect(layered("", "pin: { vendor: 2026-11-23 }\n").findings.map((f) => f.code)).toEqual(["MESH5002"]);
    expect(loadBook(`${HEAD}extends: [vendor]\npin: { vendor: 2026-11-23 }\nprices: []`).findings).toEqual([]);
    expect(codesAndLines(`${HEAD}extends: [vendor]\npin: { vendor: 2026-01-01 }\nprices: []`)).toEqual([
      "MESH5009 team.yaml:6 pin.vendor",
    ]);
  });
});

describe("bad price books name the line", () => {
  test.each([
    ["text that is not YAML", "version: 1\nname: [", ["MESH5001 team.yaml:2 "]],
    ["an unknown key", `${HEAD}prices: []\npricess: []`, ["MESH5002 team.yaml:6 pricess"]],
    [
      "a missing key",
      `${HEAD}prices:\n  - { sku: corp.a, provider: aws, unit: GB, price: 1 }`,
      ["MESH5002 team.yaml:6 prices[0].source"],
    ],
    [
      "a negative rate",
      `${HEAD}prices:\n  - { sku: corp.a, ${PRICE}, price: -0.1 }`,
      ["MESH5003 team.yaml:6 prices[0].price"],
    ],
    [
      "a price that is text",
      `${HEAD}prices:\n  - { sku: corp.a, ${PRICE}, price: cheap }`,
      ["MESH5003 team.yaml:6 prices[0].price"],
    ],
    [
      "both price and ask",
      `${HEAD}prices:\n  - { sku: corp.a, ${PRICE}, price: 1, ask: us }`,
      ["MESH5002 team.yaml:6 prices[0]"],
    ],
    [
      "a per that is no power of ten",
      `${HEAD}prices:\n  - { sku: corp.a, ${PRICE}, price: 1, per: 12 }`,
      ["MESH5002 team.yaml:6 prices[0].per"],
    ],
    [
      "a price written twice",
      `${HEAD}prices:\n  - { sku: corp.a, ${PRICE}, price: 1 }\n  - { sku: corp.a, ${PRICE}, price: 2 }`,
      ["MESH5005 team.yaml:7 prices[1]"],
    ],
    [
      "a silent override",
      `${HEAD}extends: [vendor]\nprices:\n  - { sku: aws.eks.cluster, ${PRICE}, price: 1 }`,
      ["MESH5005 team.yaml:7 prices[0]"],
    ],
    [
      "an override of an unknown SKU",
      `${HEAD}extends: [vendor]\nprices:\n  - { sku: aws.eks.clusters, ${PRICE}, price: 1, override: true }`,
      ["MESH5006 team.yaml:7 prices[0].sku"],
    ],
    ["an unknown base", `${HEAD}extends: [vendors]\nprices: []`, ["MESH5008 team.yaml:5 extends[0]"]],
    [
      "another currency",
      `${HEAD.replace("USD", "EUR")}extends: [vendor]\nprices: []`,
      ["MESH5010 team.yaml:5 extends[0]"],
    ],
  ])("%s", (_, text, expected) => expect(codesAndLines(text)).toEqual(expected));

  const tiers = (list: string) =>
    `${HEAD}prices:\n  - sku: corp.a\n    provider: aws\n    unit: GB\n    source: contract\n    tiers:\n${list}`;
  test.each([
    [
      "a tier gap",
      "      - { from: 0, to: 10, price: 2 }\n      - { from: 11, price: 1 }",
      "MESH5004 team.yaml:12 prices[0].tiers[1].from",
    ],
    [
      "tiers that overlap",
      "      - { from: 0, to: 10, price: 2 }\n      - { from: 9, price: 1 }",
      "MESH5004 team.yaml:12 prices[0].tiers[1].from",
    ],
    ["tiers that do not start at 0", "      - { from: 1, price: 2 }", "MESH5004 team.yaml:11 prices[0].tiers[0].from"],
    ["tiers that end", "      - { from: 0, to: 10, price: 2 }", "MESH5004 team.yaml:11 prices[0].tiers[0].to"],
    [
      "an endless tier in the middle",
      "      - { from: 0, price: 2 }\n      - { from: 10, price: 1 }",
      "MESH5004 team.yaml:11 prices[0].tiers[0].from",
    ],
    ["a negative tier", "      - { from: 0, price: -2 }", "MESH5003 team.yaml:11 prices[0].tiers[0].price"],
  ])("%s", (_, list, expected) => expect(codesAndLines(tiers(list))).toEqual([expected]));

  test("books that extend each other", () => {
    const books: Record<string, string> = {
      "team.yaml": `${HEAD}extends: [a.yaml]\nprices: []`,
      "a.yaml": `${HEAD.replace("team", "a")}extends:\n  - b.yaml\nprices: []`,
      "b.yaml": `${HEAD.replace("team", "b")}extends: [a.yaml]\nprices: []`,
    };
    expect(codesAndLines(books["team.yaml"]!, (name) => books[name])).toEqual(["MESH5007 b.yaml:5 extends[0]"]);
  });
});
