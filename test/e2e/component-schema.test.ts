import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { ComponentProvider } from "@pulumi/pulumi/provider/experimental/provider";
import * as components from "../../components";

const root = resolve(__dirname, "..", "..");
const golden = join(root, "components", "schema.json");

interface Schema {
  readonly version: string;
  readonly resources: Readonly<Record<string, { readonly properties: object }>>;
}

/** What Python, Go, C# and Java programs see of the package. `UPDATE_SCHEMA=1` writes it. */
it("infers the schema that is checked in", async () => {
  const classes = Object.values(components).filter((value) => typeof value === "function");
  const provider = new ComponentProvider({
    components: classes as unknown as pulumi.ComponentResource[] as never,
    dirname: root,
    name: "meshup",
  });
  const { version: _, ...schema } = JSON.parse(await provider.getSchema()) as Schema;
  if (process.env.UPDATE_SCHEMA === "1") writeFileSync(golden, `${JSON.stringify(schema, undefined, 2)}\n`);
  expect(schema).toEqual(JSON.parse(readFileSync(golden, "utf8")));
  expect(Object.keys(schema.resources)).toEqual(classes.map(({ name }) => `meshup:index:${name}`).sort());
}, 120_000);
