// Loads Envoy's protos (from the development dependency @grpc/grpc-js-xds) into one protobufjs root, and applies the
// hand-kept supplement of fields that are newer than those protos.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";

const here = dirname(fileURLToPath(import.meta.url));
const deps = join(dirname(createRequire(import.meta.url).resolve("@grpc/grpc-js-xds/package.json")), "deps");
const include = ["envoy-api", "xds", "googleapis", "protoc-gen-validate"].map((d) => join(deps, d));
const wellKnown = join(dirname(createRequire(import.meta.url).resolve("protobufjs/package.json")));

/** Files whose own imports the package lacks; nothing in them is in the subset. */
const foreign = /opencensus|open_?telemetry\/v3|opentelemetry\/proto|logs_service/;

/** The packages whose messages can be part of a configuration that the proxy reads. */
const packages = [
  "envoy/config/{bootstrap,core,listener,route,cluster,endpoint,accesslog,rbac,trace,common}",
  "envoy/extensions",
  "envoy/service/discovery",
  "envoy/type",
];

function protoFiles(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) =>
    e.isDirectory()
      ? protoFiles(join(dir, e.name))
      : e.name.endsWith(".proto") && !foreign.test(join(dir, e.name)) && !/\/v2(alpha)?$/.test(dir)
        ? [join(dir, e.name)]
        : [],
  );
}

function expand(pattern) {
  const braces = /^(.*)\{(.*)\}(.*)$/.exec(pattern);
  return braces ? braces[2].split(",").map((alternative) => braces[1] + alternative + braces[3]) : [pattern];
}

export function loadProtos() {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => {
    if (foreign.test(target)) return null;
    for (const dir of [...include, wellKnown]) if (existsSync(join(dir, target))) return join(dir, target);
    return existsSync(target) ? target : null;
  };
  const files = packages
    .flatMap(expand)
    .flatMap((p) => protoFiles(join(deps, "envoy-api", p)))
    .concat(protoFiles(join(deps, "xds", "xds", "type", "v3")));
  root.loadSync(files, { keepCase: true, alternateCommentMode: true });
  applySupplement(root, JSON.parse(readFileSync(join(here, "supplement.json"), "utf8")));
  root.resolveAll();
  return root;
}

/** Adds the supplement's enums and messages to their packages, then its fields and rules to the messages that they name. */
function applySupplement(root, supplement) {
  for (const [pkg, { enums = {}, messages = {} }] of Object.entries(supplement.packages)) {
    const space = root.lookup(pkg);
    for (const [name, { values }] of Object.entries(enums)) space.add(new protobuf.Enum(name, values));
    for (const [name, fields] of Object.entries(messages))
      addFields(space.add(new protobuf.Type(name)).get(name), fields);
  }
  for (const [name, fields] of Object.entries(supplement.fields)) addFields(root.lookupType(name), fields);
  for (const [path, rules] of Object.entries(supplement.rules)) {
    const dot = path.lastIndexOf(".");
    root.lookupType(path.slice(0, dot)).fields[path.slice(dot + 1)].parsedOptions = [{ "(validate.rules)": rules }];
  }
}

function addFields(type, fields) {
  for (const { name, number, type: of, rule, oneof, rules } of fields) {
    if (type.fields[name])
      throw new Error(`${type.fullName}.${name}: the protos have this field now; remove it from supplement.json`);
    const field = new protobuf.Field(name, number, of, rule);
    field.parsedOptions = rules ? [{ "(validate.rules)": rules }] : null;
    type.add(field);
    if (oneof) type.oneofs[oneof].add(field);
  }
}
