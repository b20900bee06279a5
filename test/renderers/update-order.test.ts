import type { Plan } from "../../src/plan";
import { RENDERERS } from "../../src/renderers";
import { absences } from "./support/absent";
import { update } from "./support/engine";
import { modelOf } from "./support/golden";

const SETTINGS = `
    gcsm: { project: shop-example, zone: europe-west1-b }
    vpc-lattice: { vpcId: vpc-1 }
    appmesh: { vpcId: vpc-1 }`;
type Shares = Readonly<Record<string, number>>;

/** One service and its route; a version takes its share of /a, and the first one what is left. */
function mesh(shares: Shares): string {
  const versions = Object.keys(shares).map(
    (name) => `{ name: ${name}, workload: { container: { image: "cart:${name}" } } }`,
  );
  const backends = Object.entries(shares).map(
    ([name, weight]) => `{ service: cart, version: ${name}, weight: ${weight} }`,
  );
  return `apiVersion: meshup/v1
kind: Mesh
metadata: { name: shop, namespace: shop }
spec:
  mtls: { mode: STRICT }
  backends: ${SETTINGS}
  services:
    - { name: cart, ports: [{ port: 80, targetPort: 8080 }], versions: [${versions.join(", ")}] }
  routes:
    - name: cart
      service: cart
      http:
        - matches: [{ path: { prefix: /a } }]
          backends: [${backends.join(", ")}]
        - backends: [{ service: cart, version: ${Object.keys(shares).at(-1)} }]
          retries: { attempts: 1, on: [5xx] }
`;
}

const updates: readonly (readonly [name: string, from: Shares, to: Shares])[] = [
  ["a version is added and takes traffic", { v1: 100 }, { v1: 90, v2: 10 }],
  ["a version is removed with its traffic", { v1: 90, v2: 10 }, { v1: 100 }],
  ["one version takes the place of another", { v1: 100 }, { v2: 100 }],
  ["all versions change at once", { v1: 50, v2: 50 }, { v3: 50, v4: 50 }],
];
const backends = Object.entries(RENDERERS);
/** Repeatable: the same seed chooses alike. */
const chooser = (seed: number) => {
  let state = seed;
  return (count: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % count;
  };
};
const ORDERS = 12;

describe.each(backends)("an update on %s", (_backend, render) => {
  const planOf = (shares: Shares): Plan => render(modelOf(mesh(shares))).plan;

  it.each(updates)("names nothing absent at any step when %s", (_name, from, to) => {
    for (let seed = 0; seed < ORDERS; seed++) {
      let steps = 0;
      for (const { what, standing } of update(planOf(from), planOf(to), chooser(seed))) {
        expect({ what, absent: absences(standing) }).toEqual({ what, absent: [] });
        steps += 1;
      }
      expect(steps).toBeGreaterThan(1);
    }
  });
});

describe("the simulated engine", () => {
  it("tells of a route that names a version before it stands", () => {
    const render = RENDERERS.linkerd;
    if (render === undefined) throw new Error("no renderer");
    const before = render(modelOf(mesh({ v1: 100 }))).plan;
    const after = render(modelOf(mesh({ v1: 90, v2: 10 }))).plan;
    const hasty = { ...after, resources: after.resources.map((each) => ({ ...each, dependsOn: [] })) };
    const seen = new Set<string>();
    for (let seed = 0; seed < ORDERS; seed++)
      for (const { standing } of update(before, hasty, chooser(seed)))
        for (const each of absences(standing)) seen.add(each);
    expect([...seen]).toContain("HTTPRoute/shop/cart names Service shop/cart-v2");
  });
});
