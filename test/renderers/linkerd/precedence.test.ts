import fc from "fast-check";
import { fromObject } from "../../../src/model";
import { manifestsOf } from "../../../src/plan";
import { render } from "../../../src/renderers/linkerd";
import { linkerdChoice, type Request, type RouteManifest } from "./support/linkerd-choice";

type Fields = Readonly<Record<string, unknown>>;

const paths = ["/", "/a", "/a/b", "/a/b/c", "/ab", "/A/b"];
const uri = fc.oneof(
  fc.record({ exact: fc.constantFrom(...paths) }),
  fc.record({ prefix: fc.constantFrom(...paths, "/a/") }),
  fc.record({ prefix: fc.constantFrom(...paths), ignoreCase: fc.constant(true) }),
  fc.record({ regex: fc.constantFrom("/a|/a/b", "/a/.*", "/[ab]+", "/.*") }),
);
const value = (name: string): fc.Arbitrary<Fields> =>
  fc.oneof(
    fc.record({ name: fc.constant(name), exact: fc.constantFrom("1", "12", "2") }),
    fc.record({ name: fc.constant(name), prefix: fc.constant("1") }),
    fc.record({ name: fc.constant(name), regex: fc.constantFrom("1|12", "[0-9]") }),
    fc.record({ name: fc.constant(name), present: fc.constant(true) }),
  );
const some = (names: readonly string[]): fc.Arbitrary<readonly Fields[]> =>
  fc
    .tuple(...names.map((name) => fc.option(value(name), { freq: 2 })))
    .map((list) => list.flatMap((one): Fields[] => (one === null ? [] : [one])));
const httpMatch = fc.record(
  {
    path: uri,
    methods: fc.subarray(["GET", "POST"]),
    headers: some(["x-a", "x-b", "x-c"]),
    query: some(["q", "Q"]),
  },
  { requiredKeys: [] },
);
const grpcMatch = fc.record(
  { service: fc.constantFrom("s.A", "s.Bee"), method: fc.constantFrom("Do", "Undo"), headers: some(["x-a", "x-b"]) },
  { requiredKeys: [] },
);
const retries = fc.constantFrom({}, { retries: { attempts: 1, on: ["5xx"], statuses: [503] } });
const ruleOf = (match: fc.Arbitrary<Fields>) => fc.tuple(fc.array(match, { maxLength: 3 }), retries);
const given = fc.option(fc.constantFrom("1", "12", "2", "3"), { nil: undefined });
const held = (names: readonly string[]): fc.Arbitrary<Readonly<Record<string, string>>> =>
  fc
    .tuple(...names.map(() => given))
    .map((list) => Object.fromEntries(list.flatMap((one, i) => (one === undefined ? [] : [[names[i], one]]))));
const httpRequest: fc.Arbitrary<Request> = fc.record({
  path: fc.constantFrom(...paths, "/a/", "/b", "/a/b/", "/zz"),
  method: fc.constantFrom("GET", "POST", "PUT"),
  headers: held(["x-a", "x-b", "x-c"]),
  query: held(["q", "Q"]),
});
const grpcRequest: fc.Arbitrary<Request> = fc.record({
  path: fc.constantFrom("/s.A/Do", "/s.A/Undo", "/s.Bee/Do", "/s.C/Else"),
  method: fc.constant("POST"),
  headers: held(["x-a", "x-b"]),
  query: fc.constant({}),
});

/** The model's own words, taken literally: the first rule one of whose matches takes the request. */
function firstRule(rules: readonly (readonly Fields[])[], request: Request): number | undefined {
  const at = rules.findIndex((matches) => matches.length === 0 || matches.some((match) => takes(match, request)));
  return at < 0 ? undefined : at;
}
const whole = (pattern: string, text: string): boolean => new RegExp(`^(?:${pattern})$`).test(text);
function takes(match: Fields, request: Request): boolean {
  const {
    path,
    methods = [],
    headers = [],
    query = [],
    service,
    method,
  } = match as {
    readonly path?: { exact?: string; prefix?: string; regex?: string; ignoreCase?: boolean };
    readonly methods?: readonly string[];
    readonly headers?: readonly Fields[];
    readonly query?: readonly Fields[];
    readonly service?: string;
    readonly method?: string;
  };
  const [, calledService, calledMethod] = request.path.split("/");
  if (service !== undefined && service !== calledService) return false;
  if (method !== undefined && method !== calledMethod) return false;
  if (methods.length > 0 && !methods.includes(request.method)) return false;
  if (path?.exact !== undefined && path.exact !== request.path) return false;
  if (path?.regex !== undefined && !whole(path.regex, request.path)) return false;
  if (path?.prefix !== undefined) {
    const fold = (text: string): string => (path.ignoreCase === true ? text.toLowerCase() : text);
    const base = fold(path.prefix.replace(/\/+$/, ""));
    const asked = fold(request.path);
    if (asked !== base && !asked.startsWith(`${base}/`)) return false;
  }
  const valueTakes = (condition: Fields, held: Readonly<Record<string, string>>): boolean => {
    const text = held[String(condition.name)];
    if (text === undefined) return false;
    if (condition.exact !== undefined) return text === condition.exact;
    if (condition.prefix !== undefined) return text.startsWith(String(condition.prefix));
    return condition.regex === undefined || whole(String(condition.regex), text);
  };
  return (
    headers.every((header) => valueTakes(header, request.headers)) &&
    query.every((parameter) => valueTakes(parameter, request.query))
  );
}

function rendered(kind: "http" | "grpc", rules: readonly (readonly [readonly Fields[], Fields])[]) {
  const { model, findings } = fromObject({
    apiVersion: "meshup/v1",
    kind: "Mesh",
    metadata: { name: "shop", namespace: "shop" },
    spec: {
      services: [
        {
          name: "cart",
          ports: [{ port: 80, protocol: kind }],
          versions: rules.map((_rule, r) => ({ name: `r${r}` })),
        },
      ],
      routes: [
        {
          name: "cart",
          service: "cart",
          [kind]: rules.map(([matches, rest], r) => ({
            matches,
            backends: [{ service: "cart", version: `r${r}` }],
            ...rest,
          })),
        },
      ],
    },
  });
  if (model === undefined) throw new Error(JSON.stringify(findings));
  const { plan, findings: found } = render(model);
  const routes = manifestsOf(plan).filter((manifest) => String(manifest.kind).endsWith("Route"));
  return {
    routes: routes as unknown as readonly RouteManifest[],
    refused: found.some(({ level }) => level === "error"),
  };
}

function check(kind: "http" | "grpc", match: fc.Arbitrary<Fields>, request: fc.Arbitrary<Request>): number {
  let kept = 0;
  fc.assert(
    fc.property(
      fc.array(ruleOf(match), { minLength: 1, maxLength: 5 }),
      fc.array(request, { minLength: 20, maxLength: 20 }),
      (rules, requests) => {
        const { routes, refused } = rendered(kind, rules);
        if (refused) return;
        kept += 1;
        for (const asked of requests)
          // Age tells nothing: any order of the resources has to choose alike.
          for (const aged of [routes, [...routes].reverse()]) {
            const version = linkerdChoice(aged, asked)?.rule.backendRefs?.[0]?.name;
            const first = firstRule(
              rules.map(([matches]) => matches),
              asked,
            );
            const should = first === undefined ? undefined : `cart-r${first}`;
            // Tens of thousands of answers: only a wrong one is worth jest's comparison.
            if (version !== should) expect({ asked, version }).toEqual({ asked, version: should });
          }
      },
    ),
    { numRuns: 500, seed: 7 },
  );
  return kept;
}

describe("the order written, under Linkerd's own precedence", () => {
  it("holds for HTTP rules whenever nothing is reported", () => {
    expect(check("http", httpMatch as fc.Arbitrary<Fields>, httpRequest)).toBeGreaterThan(100);
  });

  it("holds for gRPC rules whenever nothing is reported", () => {
    expect(check("grpc", grpcMatch as fc.Arbitrary<Fields>, grpcRequest)).toBeGreaterThan(100);
  });
});
