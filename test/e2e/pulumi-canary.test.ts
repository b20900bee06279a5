import { Agent, get } from "node:http";
import { describePart } from "./support/parts";
import { PulumiEngine } from "./support/pulumi";
import { pieces } from "./support/pulumi-programs";

/** Callers that keep asking, each one request after the other, until they are stopped. */
class Load {
  /** Answers by version since the last look. */
  private answers = new Map<string, number>();
  readonly lost: string[] = [];
  total = 0;
  private going = true;
  private readonly agent = new Agent({ keepAlive: true });
  private readonly callers: readonly Promise<void>[];

  constructor(
    private readonly address: string,
    concurrency: number,
  ) {
    this.callers = Array.from({ length: concurrency }, () => this.call());
  }

  private async call(): Promise<void> {
    while (this.going) {
      this.total += 1;
      try {
        const version = await this.ask();
        this.answers.set(version, (this.answers.get(version) ?? 0) + 1);
      } catch (error) {
        this.lost.push((error as Error).message);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  private ask(): Promise<string> {
    return new Promise((resolve, reject) => {
      const request = get(`http://${this.address}/canary`, { agent: this.agent, timeout: 10_000 }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("error", reject);
        response.on("end", () => {
          if (response.statusCode === 200) resolve((JSON.parse(text) as { version: string }).version);
          else reject(new Error(`status ${response.statusCode}: ${text}`));
        });
      });
      request.on("timeout", () => request.destroy(new Error("no answer in 10 s")));
      request.on("error", reject);
    });
  }

  /** Share of v2 among the next `count` answers, in percent. */
  async share(count: number): Promise<number> {
    this.answers = new Map();
    const [v1, v2] = [() => this.answers.get("v1") ?? 0, () => this.answers.get("v2") ?? 0];
    while (v1() + v2() < count && this.lost.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    return (100 * v2()) / (v1() + v2());
  }

  async stop(): Promise<void> {
    this.going = false;
    await Promise.all(this.callers);
    this.agent.destroy();
  }
}

describePart("a canary on the real engine, under load", ["pulumi"], ({ pulumi }) => {
  let engine: PulumiEngine;
  beforeAll(() => (engine = new PulumiEngine(pulumi)));
  afterAll(() => engine.close());

  it("moves 0 → 10 → 100 → 0 % by config alone, and loses no request", async () => {
    const stack = await engine.stack("canary", pieces("proxy", 0));
    const first = await stack.up();
    expect(first).toMatchObject({ ok: true, errors: "" });
    const { services } = first.outputs as { services: Record<string, { address: string }> };
    const load = new Load(services["shop/echo"]?.address ?? "", 4);
    try {
      expect(await load.share(200)).toBe(0);
      // Of 1,000 draws at 10 %, fewer than 5 % or more than 15 % come once in ten million runs.
      const steps = [
        { canary: 10, low: 5, high: 15, answers: 1_000 },
        { canary: 100, low: 100, high: 100, answers: 200 },
        { canary: 0, low: 0, high: 0, answers: 200 },
      ];
      for (const { canary, low, high, answers } of steps) {
        expect((await stack.up(pieces("proxy", canary))).ok).toBe(true);
        // Answers under way when the update ended may still be of the old weights.
        await load.share(20);
        const share = await load.share(answers);
        expect(share).toBeGreaterThanOrEqual(low);
        expect(share).toBeLessThanOrEqual(high);
      }
    } finally {
      await load.stop();
      expect((await stack.destroy()).ok).toBe(true);
    }
    expect(load.lost).toEqual([]);
    expect(load.total).toBeGreaterThan(1_600);
  });
});
