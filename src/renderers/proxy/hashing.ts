import type { HashKey, LoadBalancing } from "../../model/model";
import { duration, type Message } from "./envoy";

/** Whether requests with the same key go to the same host. */
export const isHashed = (lb: LoadBalancing): boolean => lb.policy === "RING_HASH" || lb.policy === "MAGLEV";

const cookie = (name: string, ttlMs: number, path: string): Message => ({
  cookie: { name, ttl: duration(ttlMs), path },
});

function policy(key: HashKey): Message {
  switch (key.kind) {
    case "header":
      return { header: { header_name: key.name } };
    case "query":
      return { query_parameter: { name: key.name } };
    case "cookie":
      return cookie(key.name, key.ttlMs, key.cookiePath);
    case "sourceIp":
      return { connection_properties: { source_ip: true } };
  }
}

/** What a request is hashed on, most specific first: the generated cookie of sticky sessions, then the keys in order. */
export const hashPolicies = (lb: LoadBalancing): Message[] => [
  ...(lb.affinity === undefined ? [] : [cookie(lb.affinity.cookie, lb.affinity.ttlMs, lb.affinity.cookiePath)]),
  ...(isHashed(lb) ? lb.hashOn.map(policy) : []),
];
