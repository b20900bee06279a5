import { isLater } from "../../src/facts";
import { documents, VIRTUAL_SERVICE } from "../examples";
import { type PolicyRule } from "../rule";

export const oneRouteOwner: PolicyRule = {
  code: "MESH6021",
  name: "one-route-owner",
  title: "One owner for the routes of a host",
  why: "Of two resources that route one host in the mesh one wins, by age or name; the other's rules are gone without a word.",
  wanted: "one VirtualService a host in the mesh (Google: one route)",
  remedy: "Put the rules into one resource, or delegate from it.",
  scope: "stack",
  levels: { baseline: "mandatory", strict: "mandatory" },
  relatives: { istio: ["IST0109"], kiali: ["KIA1106"] },
  *run({ raw }) {
    const claims = new Map<string, { readonly owner: string; readonly ports: readonly number[] }[]>();
    for (const { path, host, scope, owner, ports } of raw.claims) {
      // Routes of one gateway are merged; in the mesh, and on Google's meshes, a host has one.
      const merged = scope !== "mesh" && !scope.startsWith("projects/");
      if (merged || isLater(host) || isLater(owner.split("/")[1] ?? "")) continue;
      const key = `${scope} ${host}`;
      const others = claims.get(key) ?? [];
      // Rules for different ports never meet.
      const meets = (other: readonly number[]): boolean =>
        ports.length === 0 || other.length === 0 || ports.some((port) => other.includes(port));
      const first = others.find((other) => other.owner !== owner && meets(other.ports));
      if (first) yield { path, message: `${first.owner} has the routes of ${host} already`, found: owner };
      claims.set(key, [...others, { owner, ports }]);
    }
  },
  example: {
    wrong: documents(
      VIRTUAL_SERVICE,
      `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart-canary, namespace: shop }
spec: { hosts: [cart.shop.svc.cluster.local], http: [{ route: [{ destination: { host: cart } }] }] }
`,
    ),
    right: VIRTUAL_SERVICE,
    unknown: [1, "spec.hosts.0"],
  },
};
