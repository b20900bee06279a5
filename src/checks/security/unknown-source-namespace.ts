import type { Check } from "../check";

export const unknownSourceNamespace: Check = {
  code: "MESH1077",
  name: "unknown-source-namespace",
  area: "security",
  level: "warning",
  title: "Callers from a namespace where nothing runs",
  why: "A rule for a namespace that has no service and no gateway matches nobody; most often the name is misspelt.",
  remedy: "Correct the namespace, or list it in spec.namespaces if its workloads are not part of this mesh file.",
  relatives: { istio: ["IST0101"], kiali: ["KIA0101"] },
  *run({ authorization, services, gateways, wrote, namespaces }) {
    const known = new Set([...services, ...gateways].map((s) => s.namespace));
    for (const namespace of namespaces) if (wrote(`${namespace.path}.name`)) known.add(namespace.name);
    for (const policy of authorization)
      for (const rule of policy.rules)
        for (const source of rule.from)
          for (const name of [...source.namespaces, ...source.not.namespaces])
            if (!known.has(name))
              yield { path: source.path, message: `Nothing of this mesh runs in namespace ${name}` };
  },
  example: {
    wrong: `
mtls: { mode: STRICT }
services: [{ name: cart, namespace: shop, ports: [{ port: 80 }] }]
policies:
  authorization: [{ name: cart, target: { service: cart }, rules: [{ from: [{ namespaces: [shpo] }] }] }]
`,
    right: `
mtls: { mode: STRICT }
services: [{ name: cart, namespace: shop, ports: [{ port: 80 }] }]
policies:
  authorization: [{ name: cart, target: { service: cart }, rules: [{ from: [{ namespaces: [shop] }] }] }]
`,
  },
};
