import { Cluster } from "../../../src/proxy/upstream/cluster";
import type { ClusterConfig, DnsConfig } from "../../../src/proxy/upstream/config";
import type { Resolver } from "../../../src/proxy/upstream/dns";
import { PipeDialer } from "../support/pipe";
import { clusterConfig } from "../support/proxy";
import { FakeRuntime } from "../support/time";

function named(dns: Partial<DnsConfig>, endpoints: readonly string[] = ["a.test"]) {
  const runtime = new FakeRuntime();
  const records = new Map<string, readonly string[]>();
  const asked: string[] = [];
  const resolver: Resolver = (name, family, told) => {
    asked.push(`${name} ${family}`);
    told(records.get(`${name} ${family}`));
  };
  const config: ClusterConfig = clusterConfig("up", [], {
    dns: { kind: "strict", family: "V4_ONLY", refresh: 5000, ...dns },
    endpoints: endpoints.map((address) => ({ address, port: 80, weight: 1 })),
  });
  const start = (): Cluster => new Cluster(config, runtime, () => new PipeDialer(), resolver);
  const addresses = (cluster: Cluster): string[] => cluster.hosts.map((host) => host.address);
  return { runtime, records, asked, start, addresses };
}

test("strict: every address is a host, looked up again and again; hosts that stay are the same", () => {
  const { runtime, records, start, addresses } = named({});
  records.set("a.test 4", ["10.0.0.1", "10.0.0.2"]);
  const cluster = start();
  expect([cluster.ready, addresses(cluster)]).toEqual([true, ["10.0.0.1", "10.0.0.2"]]);
  const second = cluster.hosts[1];
  records.set("a.test 4", ["10.0.0.2", "10.0.0.3"]);
  runtime.advance(5200);
  expect(addresses(cluster)).toEqual(["10.0.0.2", "10.0.0.3"]);
  expect(cluster.hosts[0]).toBe(second);
  expect(cluster.stats.membership_change).toBe(2);
});

test("a look-up that fails leaves the last answer standing", () => {
  const { runtime, records, start, addresses } = named({});
  records.set("a.test 4", ["10.0.0.1"]);
  const cluster = start();
  records.delete("a.test 4");
  runtime.advance(5200);
  expect([addresses(cluster), cluster.stats.update_failure]).toEqual([["10.0.0.1"], 1]);
});

test("two names for one address are one host, and addresses need no look-up", () => {
  const { records, start, addresses, asked } = named({}, ["a.test", "b.test", "10.0.0.9"]);
  records.set("a.test 4", ["10.0.0.1"]);
  records.set("b.test 4", ["10.0.0.1"]);
  expect(addresses(start())).toEqual(["10.0.0.1", "10.0.0.9"]);
  expect(asked).toEqual(["a.test 4", "b.test 4"]);
});

test("logical: one host, the first address, which may change without a connection lost", () => {
  const { runtime, records, start, addresses } = named({ kind: "logical" });
  records.set("a.test 4", ["10.0.0.1", "10.0.0.2"]);
  const cluster = start();
  const [host] = cluster.hosts;
  records.set("a.test 4", ["10.0.0.7"]);
  runtime.advance(5200);
  expect(addresses(cluster)).toEqual(["10.0.0.7"]);
  expect([cluster.hosts[0] === host, host?.removed]).toEqual([true, false]);
});

test.each([
  ["V4_ONLY", ["1.1.1.1"]],
  ["V6_ONLY", ["::1"]],
  ["AUTO", ["::1"]],
  ["V4_PREFERRED", ["1.1.1.1"]],
  ["ALL", ["1.1.1.1", "::1"]],
] as const)("family %s", (family, expected) => {
  const { records, start, addresses } = named({ family });
  records.set("a.test 4", ["1.1.1.1"]);
  records.set("a.test 6", ["::1"]);
  expect(addresses(start())).toEqual(expected);
});

test("closing stops looking up, and ends who waits", async () => {
  const { runtime, start, asked } = named({});
  const cluster = start();
  cluster.close();
  await cluster.warm();
  runtime.advance(60_000);
  expect([asked.length, runtime.slowWheel.size]).toEqual([1, 0]);
});
