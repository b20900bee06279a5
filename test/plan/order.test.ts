import fc from "fast-check";
import { inOrder, PlanError, ref } from "../../src/plan";
import { resource } from "./support";

const ids = (resources: Parameters<typeof inOrder>[0]): string[] => inOrder(resources).map(({ id }) => id);

describe("the order of a Plan", () => {
  it("stays as given where that is safe", () => {
    expect(ids([resource("b"), resource("a"), resource("c", ["a"])])).toEqual(["b", "a", "c"]);
  });

  it("brings what is needed forward", () => {
    expect(
      ids([resource("route", ["subset"]), resource("other"), resource("subset", ["service"]), resource("service")]),
    ).toEqual(["service", "subset", "route", "other"]);
  });

  it("counts a reference as a need", () => {
    expect(ids([resource("a", [], { properties: { x: [{ y: ref("b", "id") }] } }), resource("b")])).toEqual(["b", "a"]);
  });

  it("names the circle", () => {
    const circle = [resource("a", ["b"]), resource("b", ["c"]), resource("c", ["b"])];
    expect(() => inOrder(circle)).toThrow(new PlanError("resources need each other in a circle: b → c → b"));
  });

  it("names what is missing, and what is there twice", () => {
    expect(() => inOrder([resource("a", ["x"])])).toThrow("a needs x, which the plan does not hold");
    expect(() => inOrder([resource("a"), resource("a")])).toThrow("the plan holds a twice");
  });

  it("takes a chain of any length", () => {
    const chain = Array.from({ length: 50_000 }, (_, n) => resource(`${n}`, n < 49_999 ? [`${n + 1}`] : []));
    expect(inOrder(chain)[0]?.id).toBe("49999");
  });

  it("puts every need first, whatever the graph", () => {
    const graph = fc.array(fc.array(fc.nat(40), { maxLength: 4 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(graph, fc.infiniteStream(fc.nat()), (edges, shuffle) => {
        const all = edges.map((needs, n) => resource(`${n}`, needs.filter((need) => need < n).map(String)));
        const keyed = all.map((each) => ({ each, key: shuffle.next().value as number }));
        const mixed = keyed.sort((a, b) => a.key - b.key).map(({ each }) => each);
        const at = new Map(inOrder(mixed).map(({ id }, n) => [id, n]));
        expect(at.size).toBe(all.length);
        for (const { id, dependsOn } of all)
          for (const need of dependsOn) expect(at.get(need)).toBeLessThan(at.get(id) as number);
      }),
    );
  });
});
