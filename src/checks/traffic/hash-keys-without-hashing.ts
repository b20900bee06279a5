import type { Check } from "../check";

export const hashKeysWithoutHashing: Check = {
  code: "MESH1035",
  name: "hash-keys-without-hashing",
  area: "traffic",
  level: "warning",
  title: "Hash keys under a policy that does not hash",
  why: "Only RING_HASH and MAGLEV look at keys. Under another policy a user's requests are spread over all endpoints, as if nothing had been written.",
  remedy: "Use policy: RING_HASH or MAGLEV.",
  relatives: { other: ["Google: session affinity without RING_HASH or MAGLEV has no effect"] },
  *run({ services }) {
    for (const { traffic } of services) {
      const { policy, hashOn, minimumRingSize, tableSize } = traffic.loadBalancing;
      const at = `${traffic.path}.loadBalancing`;
      const hashes = policy === "RING_HASH" || policy === "MAGLEV";
      if (hashOn.length > 0 && !hashes) yield { path: `${at}.hashOn`, message: `${policy} does not look at hash keys` };
      if (minimumRingSize !== undefined && policy !== "RING_HASH")
        yield { path: `${at}.minimumRingSize`, message: `${policy} has no ring` };
      if (tableSize !== undefined && policy !== "MAGLEV")
        yield { path: `${at}.tableSize`, message: `${policy} has no Maglev table` };
    }
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }], traffic: { loadBalancing: { policy: ROUND_ROBIN, hashOn: [{ header: x-user }] } } }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }], traffic: { loadBalancing: { policy: MAGLEV, hashOn: [{ header: x-user }] } } }]
`,
  },
};
