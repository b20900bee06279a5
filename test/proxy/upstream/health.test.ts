import { Cluster } from "../../../src/proxy/upstream/cluster";
import type { HealthCheckConfig } from "../../../src/proxy/upstream/health/config";
import type { Host } from "../../../src/proxy/upstream/host";
import { PipeDialer } from "../support/pipe";
import { clusterConfig, outlierConfig } from "../support/proxy";
import { FakeRuntime } from "../support/time";

const config = (over: Partial<HealthCheckConfig> = {}): HealthCheckConfig => ({
  timeout: 100,
  interval: 1000,
  initialJitter: 0,
  intervalJitter: 0,
  intervalJitterPercent: 0,
  unhealthyThreshold: 3,
  healthyThreshold: 2,
  noTrafficInterval: 5000,
  unhealthyInterval: 500,
  reuseConnection: true,
  probe: { kind: "http", method: "GET", path: "/health", host: "", expected: [[200, 201]] },
  ...over,
});
const answer = (status: number, more = ""): string => `HTTP/1.1 ${status} X\r\n${more}content-length: 0\r\n\r\n`;

function checked(over: Partial<HealthCheckConfig> = {}, ports: readonly number[] = [1]) {
  const runtime = new FakeRuntime();
  const dialer = new PipeDialer();
  const cluster = new Cluster(
    clusterConfig("up", ports, { healthCheck: config(over), panicThreshold: 0 }),
    runtime,
    () => dialer,
  );
  // Otherwise the interval without traffic would count.
  cluster.stats.upstream_cx_total = 1;
  dialer.settle();
  const round = (status: number, more = ""): void => {
    runtime.advance(1010);
    dialer.settle();
    dialer.last.receive(answer(status, more));
  };
  const host = cluster.hosts[0] as Host;
  const usable = (): boolean => cluster.pick([], 0, runtime.now()) !== undefined;
  return { runtime, dialer, cluster, host, round, usable };
}

test("a host is unhealthy until its first check passes, which counts at once", () => {
  const { dialer, usable, host, cluster } = checked();
  expect([usable(), host.healthFlags]).toEqual([false, "/failed_active_hc"]);
  expect(dialer.last.written).toBe("GET /health HTTP/1.1\r\nhost: up\r\nuser-agent: Envoy/HC\r\n\r\n");
  dialer.last.receive(answer(200));
  expect([usable(), host.healthFlags, cluster.stats.health_check_healthy]).toEqual([true, "healthy", 1]);
});

test("an answer that is not expected counts at once; coming back takes the threshold, at the unhealthy interval", () => {
  const { dialer, usable, round, runtime } = checked();
  dialer.last.receive(answer(200));
  round(500);
  expect(usable()).toBe(false);
  runtime.advance(520);
  dialer.settle();
  dialer.last.receive(answer(200));
  expect(usable()).toBe(false);
  runtime.advance(520);
  dialer.last.receive(answer(200));
  expect(usable()).toBe(true);
});

test("silence counts by the threshold, and each time a new connection is made", () => {
  const { dialer, usable, runtime, cluster } = checked();
  dialer.last.receive(answer(200));
  for (const expected of [true, true, false]) {
    runtime.advance(1010);
    dialer.settle();
    runtime.advance(110);
    expect(usable()).toBe(expected);
  }
  expect(cluster.stats.health_check_network_failure).toBe(3);
  expect(dialer.pipes.map((pipe) => pipe.destroyed)).toEqual([true, true, true]);
});

test("a refused connection fails the check", () => {
  const { dialer, runtime, cluster } = checked({ reuseConnection: false });
  dialer.last.receive(answer(200));
  dialer.mode = "refuse";
  runtime.advance(1010);
  dialer.settle();
  expect(cluster.stats.health_check_network_failure).toBe(1);
});

test("the connection is kept from check to check, unless the answer or the configuration says no", () => {
  const kept = checked();
  kept.dialer.last.receive(answer(200));
  kept.round(200);
  expect(kept.dialer.pipes).toHaveLength(1);
  kept.round(200, "connection: close\r\n");
  kept.round(200);
  expect(kept.dialer.pipes).toHaveLength(2);
  const single = checked({ reuseConnection: false });
  expect(single.dialer.last.written).toContain("connection: close\r\n");
  single.dialer.last.receive(answer(200));
  single.round(200);
  expect(single.dialer.pipes.map((pipe) => pipe.destroyed)).toEqual([true, true]);
});

test("any split of the answer is the same answer, and an interim one is none", () => {
  const { dialer, usable } = checked();
  for (const byte of `HTTP/1.1 103 X\r\n\r\n${answer(200)}`) dialer.last.receive(byte);
  expect(usable()).toBe(true);
});

test("TCP: a connection that stands is enough", () => {
  const { usable, dialer } = checked({ probe: { kind: "tcp" } });
  expect([usable(), dialer.last.written, dialer.last.destroyed]).toEqual([true, "", true]);
});

test("without traffic the slow interval counts; jitter only adds", () => {
  const { cluster, dialer, runtime } = checked({ intervalJitterPercent: 10, intervalJitter: 50 });
  cluster.stats.upstream_cx_total = 0;
  dialer.last.receive(answer(200));
  runtime.advance(4990);
  expect(cluster.stats.health_check_attempt).toBe(1);
  runtime.advance(600);
  expect(cluster.stats.health_check_attempt).toBe(2);
});

test("ready is told once all hosts were asked; a host that goes takes its check along", async () => {
  const { cluster, dialer, runtime } = checked({}, [1, 2]);
  let ready = false;
  void cluster.warm().then(() => (ready = true));
  dialer.pipes[0]?.receive(answer(200));
  await Promise.resolve();
  expect(ready).toBe(false);
  dialer.pipes[1]?.receive(answer(503));
  await cluster.warm();
  expect(cluster.hosts.map((h) => h.health)).toEqual(["healthy", "unhealthy"]);
  cluster.update({ ...cluster.config, endpoints: cluster.config.endpoints.slice(0, 1) });
  const before = cluster.stats.health_check_attempt;
  runtime.advance(1010);
  expect(cluster.stats.health_check_attempt).toBe(before + 1);
  cluster.close();
  expect(runtime.wheel.size + runtime.slowWheel.size).toBe(0);
});

test("a check that passes ends an ejection", () => {
  const runtime = new FakeRuntime();
  const dialer = new PipeDialer();
  const cluster = new Cluster(
    clusterConfig("up", [1, 2], { healthCheck: config(), outlier: outlierConfig({ maxEjectionPercent: 100 }) }),
    runtime,
    () => dialer,
  );
  dialer.settle();
  for (const pipe of dialer.pipes) pipe.receive(answer(200));
  const host = cluster.hosts[0] as Host;
  for (let i = 0; i < 5; i++) cluster.onResult(host, 500, 1, runtime.now(), true);
  expect(host.healthFlags).toBe("/failed_outlier_check");
  runtime.advance(5010);
  dialer.pipes[0]?.receive(answer(200));
  expect([host.healthFlags, cluster.stats.outlier_detection_ejections_active]).toEqual(["healthy", 0]);
  cluster.close();
});
