import { fromObject, hasErrors, type Model } from "../../src/model";
import { manifestsOf } from "../../src/plan";
import { render } from "../../src/renderers/istio";
import { put, type Way } from "./istiod/ask";
import { workloadEntries } from "./istiod/mesh";
import { accepted } from "./istiod/sides";
import { Upstreams } from "./istiod/upstream";
import { Istiod } from "./support/istiod";
import { eventually, KubernetesApi, type Manifest } from "./support/kubernetes";
import { describePart } from "./support/parts";

/** istiod waits 100 ms for further changes before it tells its proxies: each step stands alone for longer. */
const STEP_MS = 400;
const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** A service of these versions, and the shares of its traffic. */
function mesh(shares: Readonly<Record<string, number>>, traffic: object = {}): Model {
  const { model, findings } = fromObject({
    apiVersion: "meshup/v1",
    kind: "Mesh",
    metadata: { name: "update", namespace: "e2e" },
    spec: {
      mtls: { mode: "DISABLE" },
      services: [
        {
          name: "web",
          labels: { app: "web" },
          ports: [{ name: "http", port: 80, targetPort: 8080, protocol: "http" }],
          versions: Object.keys(shares).map((name) => ({ name, labels: { version: name } })),
          traffic,
        },
      ],
      routes: [
        {
          name: "web",
          service: "web",
          http: [
            { backends: Object.entries(shares).map(([version, weight]) => ({ service: "web", version, weight })) },
          ],
        },
      ],
    },
  });
  if (model === undefined || hasErrors(findings)) throw new Error(JSON.stringify(findings));
  return model;
}

const manifestsFor = (model: Model): readonly Manifest[] =>
  manifestsOf(render(model).plan) as unknown as readonly Manifest[];
const keyOf = ({ kind, metadata }: Manifest): string => `${kind}/${metadata.name}`;

describePart(
  "a mesh on istiod changes while it is called",
  ["etcd", "kubeApiserver", "istioCrds", "istiod", "envoy"],
  (paths) => {
    let upstreams: Upstreams;
    let api: KubernetesApi;
    let istiod: Istiod;
    let way: Way;
    let admin: number;
    let now: readonly Manifest[] = [];

    beforeAll(async () => {
      upstreams = await Upstreams.start(["v1", "v2"]);
      api = await KubernetesApi.start(paths);
      await api.applyCrds(paths.istioCrds);
      now = manifestsFor(mesh({ v1: 100 }));
      for (const manifest of now) await accepted(api, manifest);
      // The pods of both versions are there: what moves is the traffic.
      for (const entry of workloadEntries(mesh({ v1: 1, v2: 1 }), upstreams.addresses)) await accepted(api, entry);
      istiod = await Istiod.start(api, paths);
      const proxy = await istiod.sidecar("e2e", { app: "caller" });
      admin = proxy.admin;
      way = { name: "istio", to: () => ({ host: "127.0.0.1", port: proxy.port }) };
      await eventually(async () => expect((await call()).status).toBe(200), 30_000);
    });
    afterAll(async () => {
      await istiod?.stop();
      await api?.stop();
      upstreams?.close();
    });

    const call = () => put(way, upstreams, "web", { path: "/" }, false);

    /** Calls without a pause until the work is done: how often each answer came. */
    async function during(work: () => Promise<void>): Promise<Map<string, number>> {
      const answers = new Map<string, number>();
      let done = false;
      const caller = async (): Promise<void> => {
        while (!done) {
          const { status, body } = await call();
          answers.set(
            status === 200 ? body : String(status),
            (answers.get(status === 200 ? body : String(status)) ?? 0) + 1,
          );
        }
      };
      const callers = [caller(), caller()];
      try {
        await work();
      } finally {
        done = true;
        await Promise.all(callers);
      }
      return answers;
    }

    /** As an engine does it: creates and updates in the Plan's order one by one, then deletes in the old one's reverse. */
    async function update(to: Model): Promise<void> {
      const wanted = manifestsFor(to);
      for (const manifest of wanted) {
        await accepted(api, manifest);
        await sleep(STEP_MS);
      }
      const kept = new Set(wanted.map(keyOf));
      for (const manifest of [...now].reverse().filter((each) => !kept.has(keyOf(each)))) {
        expect((await api.delete(manifest)).status).toBe(200);
        await sleep(STEP_MS);
      }
      now = wanted;
    }

    const clusters = async (): Promise<Record<string, { circuit_breakers?: unknown; lb_policy?: string }>> => {
      const answer = await fetch(`http://127.0.0.1:${admin}/config_dump?resource=dynamic_active_clusters`);
      const { configs } = (await answer.json()) as { configs: { cluster: { name: string; lb_policy?: string } }[] };
      return Object.fromEntries(configs.map(({ cluster }) => [cluster.name, cluster]));
    };

    it("a version comes and gets all traffic, and the old one goes: no request is lost at any step", async () => {
      const steps: [Readonly<Record<string, number>>, string[]][] = [
        [{ v1: 100, v2: 0 }, ["v1 200"]],
        [{ v1: 50, v2: 50 }, ["v1 200", "v2 200"]],
        [{ v1: 0, v2: 100 }, ["v1 200", "v2 200"]],
        [{ v2: 100 }, ["v2 200"]],
        [{ v1: 100 }, ["v1 200", "v2 200"]],
      ];
      for (const [shares, seen] of steps) {
        const answers = await during(() => update(mesh(shares)));
        expect({ shares, seen: [...answers.keys()].sort() }).toEqual({ shares, seen });
        const last = Object.entries(shares).filter(([, weight]) => weight > 0);
        if (last.length === 1) expect((await call()).body).toBe(`${last[0]?.[0]} 200`);
      }
      expect(Object.keys(await clusters())).toContain("outbound|80|v1|web.e2e.svc.cluster.local");
      expect(Object.keys(await clusters())).not.toContain("outbound|80|v2|web.e2e.svc.cluster.local");
    });

    it("the host's rule and each version's are merged: every subset has the host's policy", async () => {
      const traffic = {
        connectionPool: { maxConnections: 7, maxPendingRequests: 11 },
        loadBalancing: { policy: "RANDOM" },
      };
      const answers = await during(() => update(mesh({ v1: 50, v2: 50 }, traffic)));
      expect([...answers.keys()].sort()).toEqual(["v1 200", "v2 200"]);
      const rules = now.filter(({ kind }) => kind === "DestinationRule").map(({ metadata }) => metadata.name);
      expect(rules.sort()).toEqual(["web", "web.v1", "web.v2"]);
      const all = await clusters();
      for (const subset of ["", "v1", "v2"])
        expect([subset, all[`outbound|80|${subset}|web.e2e.svc.cluster.local`]]).toMatchObject([
          subset,
          { lb_policy: "RANDOM", circuit_breakers: { thresholds: [{ max_connections: 7, max_pending_requests: 11 }] } },
        ]);
    });

    it("in the other order requests are lost, so that losing none means something", async () => {
      await update(mesh({ v1: 100 }));
      const route = manifestsFor(mesh({ v2: 100 })).filter(({ kind }) => kind === "VirtualService");
      const answers = await during(async () => {
        for (const manifest of route) await accepted(api, manifest);
        await sleep(2 * STEP_MS);
      });
      expect([...answers.keys()]).toContain("503");
      await update(mesh({ v1: 100 }));
      expect((await call()).body).toBe("v1 200");
    });
  },
);
