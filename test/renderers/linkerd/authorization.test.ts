import fc from "fast-check";
import { fromObject } from "../../../src/model";
import { type Manifest, manifestsOf } from "../../../src/plan";
import { render } from "../../../src/renderers/linkerd";
import { linkerdChoice, type Request, type RouteManifest } from "./support/linkerd-choice";

const paths = ["/", "/a", "/a/b", "/a/b.json", "/b", "/ready"];
const subset = (values: readonly string[]) => fc.subarray([...values], { maxLength: 2 });
const operation = fc.record({
  methods: subset(["GET", "POST"]),
  paths: subset(["/a", "/a/*", "/a*", "/a/b*", "*.json", "/*", "/ready", "/"]),
  hosts: subset(["cart.shop", "*.example", "x.example"]),
});
const caller = fc.constantFrom("web", "ops", "jobs");
type Operation = { readonly methods: string[]; readonly paths: string[]; readonly hosts: string[] };
interface Rule {
  readonly from: string;
  readonly to: readonly Operation[];
}
const rule: fc.Arbitrary<Rule> = fc.record({ from: caller, to: fc.array(operation, { maxLength: 2 }) });
const request: fc.Arbitrary<Request> = fc.record({
  host: fc.constantFrom("cart.shop", "x.example", "y.example", "other"),
  path: fc.constantFrom(...paths),
  method: fc.constantFrom("GET", "POST", "DELETE"),
  headers: fc.constant({}),
  query: fc.constant({}),
});

const holds = (pattern: string, text: string): boolean =>
  pattern.startsWith("*")
    ? text.endsWith(pattern.slice(1))
    : pattern.endsWith("*")
      ? text.startsWith(pattern.slice(0, -1))
      : pattern === text;
const any = (patterns: readonly string[], text: string): boolean =>
  patterns.length === 0 || patterns.some((pattern) => holds(pattern, text));
/** What the model says: some rule of the caller's names the request. */
const allowed = (rules: readonly Rule[], who: string, { host = "", path, method }: Request): boolean =>
  rules.some(
    ({ from, to }) =>
      from === who &&
      (to.length === 0 ||
        to.some((each) => any(each.methods, method) && any(each.paths, path) && any(each.hosts, host))),
  );

function rendered(rules: readonly Rule[]) {
  const { model, findings } = fromObject({
    apiVersion: "meshup/v1",
    kind: "Mesh",
    metadata: { name: "shop", namespace: "shop" },
    spec: {
      services: ["cart", "web", "ops", "jobs"].map((name) => ({
        name,
        ports: [{ port: 80 }],
        ...(name === "cart" && {
          versions: [
            {
              name: "v1",
              workload: { container: { image: "cart", probes: { readiness: { httpGet: { path: "/ready" } } } } },
            },
          ],
        }),
      })),
      policies: {
        authorization: [
          {
            name: "cart",
            target: { service: "cart" },
            rules: rules.map(({ from, to }) => ({ from: [{ service: from }], ...(to.length > 0 && { to }) })),
          },
        ],
      },
    },
  });
  if (model === undefined) throw new Error(JSON.stringify(findings));
  const { plan, findings: found } = render(model);
  return { manifests: manifestsOf(plan), ambiguous: found.some(({ code }) => code === "MESH2213") };
}

interface Named {
  readonly name: string;
}
const nameOf = (manifest: Manifest): string => (manifest.metadata as Named).name;

/** What Linkerd does: the best route, then any policy on it or on its Server whose authentications all hold. */
function letIn(manifests: readonly Manifest[], who: string | undefined, asked: Request): boolean {
  const routes = manifests.filter(({ kind }) => kind === "HTTPRoute") as unknown as (RouteManifest & Manifest)[];
  const chosen = routes.length === 0 ? undefined : linkerdChoice(routes, asked);
  // The kubelet's probes come in by themselves while a Server has no route.
  if (routes.length === 0 && who === undefined && asked.path === "/ready" && asked.method === "GET") return true;
  if (routes.length > 0 && chosen === undefined) return false;
  const targets = new Set(["cart-80", ...(chosen === undefined ? [] : [nameOf(chosen.route)])]);
  const identity = `${who}.shop.serviceaccount.identity.linkerd.cluster.local`;
  return manifests
    .filter(({ kind }) => kind === "AuthorizationPolicy")
    .map(
      ({ spec }) =>
        spec as {
          readonly targetRef: Named;
          readonly requiredAuthenticationRefs: readonly (Named & { kind: string })[];
        },
    )
    .filter(({ targetRef }) => targets.has(targetRef.name))
    .some(({ requiredAuthenticationRefs }) =>
      requiredAuthenticationRefs.every((required) => {
        const authentication = manifests.find((each) => each.kind === required.kind && nameOf(each) === required.name);
        const { identities } = authentication?.spec as { readonly identities?: readonly string[] };
        return (
          identities === undefined || (who !== undefined && (identities.includes(identity) || identities.includes("*")))
        );
      }),
    );
}

describe("who may come, as Linkerd judges it", () => {
  it("never lets in whom the model refuses, and refuses nobody else unless it says so", () => {
    let exact = 0;
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: 1, maxLength: 4 }),
        fc.array(request, { minLength: 15, maxLength: 15 }),
        (rules, requests) => {
          const { manifests, ambiguous } = rendered(rules);
          for (const asked of requests)
            for (const who of ["web", "ops", "jobs", undefined]) {
              const probe = asked.path === "/ready" && asked.method === "GET";
              const should = probe || (who !== undefined && allowed(rules, who, asked));
              const does = letIn(manifests, who, asked);
              const aged = letIn([...manifests].reverse(), who, asked);
              if (!probe && (does || aged)) expect({ asked, who, should }).toEqual({ asked, who, should: true });
              if (ambiguous || (probe && who !== undefined && !allowed(rules, who, asked))) continue;
              exact += 1;
              // Tens of thousands of answers: only a wrong one is worth jest's comparison.
              if (does !== should || aged !== should)
                expect({ asked, who, does, aged }).toEqual({ asked, who, does: should, aged: should });
            }
        },
      ),
      { numRuns: 400, seed: 11 },
    );
    expect(exact).toBeGreaterThan(2000);
  });
});
