import type { BackendName } from "../../src/model";
import { RENDERERS } from "../../src/renderers";
import { modelOf } from "./support/golden";

const backends = `{ gcsm: { project: shop-example, zone: europe-west1-b }, istio-managed-csm: { project: shop-example } }`;
const mesh = (versions: string) =>
  modelOf(`apiVersion: meshup/v1
kind: Mesh
metadata: { name: shop, namespace: shop }
spec:
  mtls: { mode: STRICT }
  backends: ${backends}
  services:
    - { name: cart, ports: [{ port: 80 }], versions: [{ name: v1, workload: { replicas: 1, container: { image: cart } } }] }
    - { name: web, ports: [{ port: 80 }], versions: ${versions} }
  policies: { authorization: [{ name: cart, target: { service: cart }, rules: [{ from: [{ service: web }] }] }] }
`);

const written: Readonly<Partial<Record<BackendName, (account: string) => string>>> = {
  istio: (account) => `"principals":["cluster.local/ns/shop/sa/${account}"]`,
  "istio-managed-csm": (account) => `"principals":["shop-example.svc.id.goog/ns/shop/sa/${account}"]`,
  linkerd: (account) => `"identities":["${account}.shop.serviceaccount.identity.linkerd.cluster.local"]`,
  gcsm: (account) => `"principals":["spiffe://shop-example.svc.id.goog/ns/shop/sa/${account}"]`,
  proxy: (account) => `"principal_name":{"exact":"spiffe://cluster.local/ns/shop/sa/${account}"}`,
};

describe.each(Object.entries(written))("who a service is on %s", (backend, form) => {
  const rendered = (versions: string) => {
    const { plan, findings } = RENDERERS[backend as BackendName]?.(mesh(versions)) ?? { plan: {}, findings: [] };
    return { text: JSON.stringify(plan), guessed: findings.filter(({ code }) => code === "MESH2109") };
  };

  it.each(["[]", "[{ name: v1 }]"])("without workloads its own name, as a guess that is told (%s)", (versions) => {
    const { text, guessed } = rendered(versions);
    expect(text).toContain(form("web"));
    expect(guessed).toMatchObject([{ level: "warning", path: "policies.authorization[0].rules[0].from[0]" }]);
  });

  it("with workloads their accounts, and no guess", () => {
    const { text, guessed } = rendered(
      "[{ name: v1 }, { name: v2, workload: { serviceAccount: own, container: { image: web } } }]",
    );
    expect(text).toContain(form("own"));
    expect(guessed).toEqual([]);
  });
});
