import { Mesh, MeshRoute, MeshService } from "../../../components";
import { PulumiEngine } from "./pulumi";
import { pieces, route, service } from "./pulumi-programs";

/**
 * Inline programs that go wrong. In a process of their own, because a program that fails does so by a rejection that
 * nobody handles, which is a failure of the test to jest before it is an error of the program to the engine.
 */
async function main(cli: string): Promise<void> {
  const engine = new PulumiEngine(cli);
  try {
    engine.plugin("pulumi-resource-kubernetes", "pulumi-kubernetes.ts");
    const late = await engine.stack("late", async () => {
      const mesh = new Mesh("engine", { backend: "istio" });
      await Promise.resolve();
      new MeshService("late", service, { parent: mesh });
    });
    const stack = await engine.stack("broken", pieces("istio", 0));
    const first = await stack.up();
    const before = await stack.state();
    const broken = await stack.up(async () => {
      const mesh = new Mesh("engine", { backend: "istio", namespace: "shop" });
      new MeshService("echo", service, { parent: mesh });
      new MeshRoute("echo", { ...route(0), service: "eco" }, { parent: mesh });
      // No output of the mesh is returned: nothing but the mesh itself can fail the program.
      return Promise.resolve();
    });
    const result = { late: await late.preview(), first, before, broken, after: await stack.state() };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } finally {
    engine.close();
  }
}
void main(process.argv[2] ?? "");
