import { callLines } from "../../../src/cli/progress/calls";
import { LiveTree, type Screen } from "../../../src/cli/progress/screen";
import { type StepEvent, StepTree } from "../../../src/cli/progress/tree";

const stack = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";
const mesh = "urn:pulumi:dev::shop::meshup:index:Mesh::shop";
const route = "urn:pulumi:dev::shop::meshup:index:Mesh$kubernetes:networking.istio.io/v1:VirtualService::shop/echo";
const other = "urn:pulumi:dev::shop::meshup:index:Mesh$kubernetes:core/v1:Service::shop/echo";
const parents: Readonly<Record<string, string>> = { [stack]: "", [mesh]: stack, [route]: mesh, [other]: mesh };

const metadata = (urn: string, op: string, diffs?: string[]) => ({
  op,
  urn,
  diffs,
  new: { parent: parents[urn] ?? "" },
});
const pre = (...step: Parameters<typeof metadata>): StepEvent => ({
  resourcePreEvent: { metadata: metadata(...step) },
});
const outputs = (...step: Parameters<typeof metadata>): StepEvent => ({
  resOutputsEvent: { metadata: metadata(...step) },
});

describe("the tree of the engine's steps", () => {
  it("plans what changes, below what it belongs to, and counts the rest", () => {
    const tree = new StepTree(true, () => 0);
    for (const event of [pre(stack, "same"), pre(mesh, "same"), pre(other, "same"), pre(route, "update", ["spec"])])
      tree.take(event);
    expect(tree.lines()).toEqual(["Stack shop-dev", "└─ Mesh shop", "   └─ ~ VirtualService shop/echo  update (spec)"]);
    expect(tree.summary()).toBe("~ 1 to update, 3 unchanged");
    expect(tree.changes).toBe(true);
  });

  it("tells each step's time when it ends, once", () => {
    let now = 0;
    const tree = new StepTree(false, () => now);
    tree.take(pre(mesh, "create"));
    tree.take(pre(other, "create"));
    tree.take(pre(route, "create"));
    now = 1_500;
    expect(tree.lines()).toEqual([
      "+ Mesh shop  creating 1.5 s",
      "├─ + Service shop/echo  creating 1.5 s",
      "└─ + VirtualService shop/echo  creating 1.5 s",
    ]);
    expect(tree.take(outputs(other, "create"))).toBe("+ Service shop/echo  created 1.5 s");
    now = 2_000;
    expect(tree.take(outputs(other, "create"))).toBeUndefined();
    expect(tree.take({ resOpFailedEvent: { metadata: metadata(route, "create") } })).toBe(
      "+ VirtualService shop/echo  FAILED after 2.0 s",
    );
    expect(tree.summary()).toBe("+ 1 created, 1 failed");
  });

  it("counts a replacement of three steps once", () => {
    const tree = new StepTree(false, () => 0);
    for (const op of ["create-replacement", "replace", "delete-replaced"]) {
      tree.take(pre(route, op));
      tree.take(outputs(route, op));
    }
    expect(tree.summary()).toBe("± 1 replaced");
  });
});

describe("the screen", () => {
  const screenOf = (isTerminal: boolean): Screen & { text: string } => {
    const screen = { text: "", isTerminal, rows: 3, columns: 20, write: (more: string) => void (screen.text += more) };
    return screen;
  };

  it("that is no terminal gets a line for each step that ended", () => {
    const screen = screenOf(false);
    const tree = new StepTree(false, () => 0);
    const view = new LiveTree(tree, screen);
    tree.take(pre(route, "create"));
    view.ended(tree.take(outputs(route, "create")) ?? "");
    view.done();
    expect(screen.text).toBe("  + VirtualService shop/echo  created 0.0 s\n");
  });

  it("that is a terminal is drawn anew, within its width, and ends with the whole tree", () => {
    jest.useFakeTimers();
    const screen = screenOf(true);
    const tree = new StepTree(false, () => 0);
    const view = new LiveTree(tree, screen);
    for (const urn of [mesh, other, route]) tree.take(pre(urn, "create"));
    jest.advanceTimersByTime(100);
    expect(screen.text).toBe("├─ + Service shop/ec\n└─ + VirtualService \n");
    screen.text = "";
    view.done();
    jest.useRealTimers();
    expect(screen.text).toBe("\u001b[2A\u001b[J+ Mesh shop  creatin\n├─ + Service shop/ec\n└─ + VirtualService \n");
  });
});

describe("how to call a stack's services", () => {
  it("is by address and port on this host", () => {
    expect(callLines({ services: { "shop/echo": { address: "127.0.0.2:8080", ports: [80] } } })).toEqual([
      "shop/echo  127.0.0.2:8080",
      "",
      "call it:",
      "  curl http://127.0.0.2:8080/",
    ]);
  });
  it("is by name and declared port inside a mesh, and nothing where there is no service", () => {
    const services = { echo: { address: "echo.shop.svc.cluster.local", ports: [8080] } };
    expect(callLines({ services }).slice(-2)).toEqual([
      "call it, from inside the mesh:",
      "  curl http://echo.shop.svc.cluster.local:8080/",
    ]);
    expect(callLines({ other: 1 })).toEqual([]);
  });
});
