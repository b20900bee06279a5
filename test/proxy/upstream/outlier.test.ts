import { Cluster } from "../../../src/proxy/upstream/cluster";
import type { OutlierConfig } from "../../../src/proxy/upstream/config";
import type { Host } from "../../../src/proxy/upstream/host";
import { PipeDialer } from "../support/pipe";
import { clusterConfig, outlierConfig } from "../support/proxy";
import { FakeRuntime } from "../support/time";

function watched(over: Partial<OutlierConfig>, hosts = 5) {
  const runtime = new FakeRuntime();
  const ports = Array.from({ length: hosts }, (_, i) => i + 1);
  const outlier = outlierConfig({ maxEjectionPercent: 100, consecutive5xx: 1000, ...over });
  const cluster = new Cluster(clusterConfig("up", ports, { outlier }), runtime, () => new PipeDialer());
  const results = (index: number, good: number, bad: number, answered = true): void => {
    const host = cluster.hosts[index] as Host;
    for (let i = 0; i < good; i++) cluster.onResult(host, 200, 1, runtime.now(), true);
    for (let i = 0; i < bad; i++) cluster.onResult(host, 503, 1, runtime.now(), answered);
  };
  const ejected = (): number[] => cluster.hosts.flatMap((host, i) => (host.ejected ? [i] : []));
  return { runtime, cluster, results, ejected };
}

const rate = { enforcing: 100, enforcingLocalOrigin: 100, minimumHosts: 5, requestVolume: 100 };

test("success rate: who is far below the others goes at the end of the interval", () => {
  const { runtime, results, ejected, cluster } = watched({ successRate: { ...rate, stdevFactor: 1900 } });
  for (let i = 0; i < 4; i++) results(i, 100, 0);
  results(4, 50, 50);
  expect(ejected()).toEqual([]);
  runtime.advance(10_200);
  expect(ejected()).toEqual([4]);
  expect(cluster.stats.outlier_detection_ejections_enforced_success_rate).toBe(1);
});

test("success rate: nobody is judged by too few hosts or too few requests, and each interval stands alone", () => {
  const few = watched({ successRate: { ...rate, stdevFactor: 1900 } }, 4);
  for (let i = 0; i < 3; i++) few.results(i, 100, 0);
  few.results(3, 0, 100);
  few.runtime.advance(10_200);
  expect(few.ejected()).toEqual([]);
  const slow = watched({ successRate: { ...rate, stdevFactor: 1900 } });
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 4; i++) slow.results(i, 99, 0);
    slow.results(4, 0, 99);
    slow.runtime.advance(10_000);
  }
  expect(slow.ejected()).toEqual([]);
});

test("failure percentage: at its threshold, if it is enforced", () => {
  const at = (enforcing: number) => {
    const { runtime, results, ejected, cluster } = watched({
      failurePercentage: { ...rate, enforcing, threshold: 50 },
    });
    for (let i = 0; i < 4; i++) results(i, 60, 40);
    results(4, 50, 50);
    runtime.advance(10_200);
    return [ejected(), cluster.stats.outlier_detection_ejections_detected_failure_percentage];
  };
  expect(at(100)).toEqual([[4], 1]);
  expect(at(0)).toEqual([[], 1]);
});

test("split: failures to reach a host count apart from its answers", () => {
  const { results, ejected, cluster } = watched({ splitLocalOrigin: true, consecutive5xx: 5 });
  results(0, 0, 4, true);
  results(0, 0, 4, false);
  expect(ejected()).toEqual([]);
  results(0, 0, 1, false);
  expect(ejected()).toEqual([0]);
  expect(cluster.stats.outlier_detection_ejections_enforced_consecutive_local_origin_failure).toBe(1);
  results(1, 0, 5, true);
  expect(ejected()).toEqual([0, 1]);
});

test("each further ejection lasts longer, at most the maximum; chance only adds", () => {
  const { runtime, results, ejected } = watched({
    consecutive5xx: 1,
    interval: 100,
    baseEjectionTime: 1000,
    maxEjectionTime: 1500,
    maxEjectionTimeJitter: 500,
  });
  for (const shortest of [1000, 1500, 1500]) {
    results(0, 0, 1);
    let out = 0;
    for (; ejected().length > 0; out += 100) runtime.advance(100);
    expect(out).toBeGreaterThanOrEqual(shortest);
    expect(out).toBeLessThanOrEqual(shortest + 700);
  }
});
