import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse as parseYaml, stringify } from "yaml";
import { readBootstrap } from "../../../src/proxy/xds/bootstrap";
import { readMessage } from "../../../src/proxy/xds/json";
import { writeMessage } from "../../../src/proxy/xds/json-write";
import type { ConfigError, Messages } from "../../../src/proxy/xds/messages";

const wholeSubset = readFileSync(join(__dirname, "golden", "whole-subset.json"), "utf8");
const bootstrapName = "envoy.config.bootstrap.v3.Bootstrap";

function errorsOf(name: keyof Messages, value: unknown): readonly ConfigError[] {
  const result = readMessage(name, value);
  return result.ok ? [] : result.errors;
}

function valueOf<N extends keyof Messages>(name: N, value: unknown): Messages[N] {
  const result = readMessage(name, value);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

const cluster = "envoy.config.cluster.v3.Cluster";
const route = "envoy.config.route.v3.Route";

describe("the whole subset", () => {
  test("reads without error, from JSON and from YAML", () => {
    expect(readBootstrap({ text: wholeSubset })).toMatchObject({ ok: true });
    const yaml = stringify(JSON.parse(wholeSubset));
    expect(readBootstrap({ text: yaml }, { parseYaml: (t) => parseYaml(t) as unknown })).toMatchObject({ ok: true });
  });

  test("reads the same again after it was written", () => {
    const read = readBootstrap({ text: wholeSubset });
    if (!read.ok) throw new Error("does not read");
    const written = writeMessage(bootstrapName, read.bootstrap);
    expect(readBootstrap({ value: written })).toEqual(read);
  });
});

describe("what proto3 JSON accepts", () => {
  test("is read in both spellings of a name", () => {
    expect(valueOf(cluster, { name: "a", connectTimeout: "1.5s" })).toMatchObject({ connect_timeout: 1500 });
    expect(valueOf(cluster, { name: "a", connect_timeout: "0.25s" })).toMatchObject({ connect_timeout: 250 });
  });

  test("is an enum by name or number", () => {
    expect(valueOf(cluster, { name: "a", type: 1 }).type).toBe("STRICT_DNS");
    expect(valueOf(cluster, { name: "a", lb_policy: "RING_HASH" }).lb_policy).toBe("RING_HASH");
  });

  test("is a number as text, and a whole number with a fraction of zero", () => {
    expect(valueOf("envoy.type.v3.Int64Range", { start: "200", end: 3e2 })).toEqual({ start: 200, end: 300 });
    expect(
      valueOf(route, { match: { prefix: "/" }, direct_response: { status: 200 }, request_body_buffer_limit: "65536" }),
    ).toMatchObject({
      request_body_buffer_limit: 65_536,
    });
  });

  test("is null for a field that is not set", () => {
    expect(valueOf(cluster, { name: "a", type: null }).type).toBeUndefined();
  });

  test("is @type in any position, and tells an Any's type", () => {
    const typed = { name: "x", "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router" };
    const filter = { name: "router", typed_config: { suppress_envoy_headers: true, ...typed, name: undefined } };
    delete filter.typed_config.name;
    const read = valueOf("envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter", filter);
    expect(read.typed_config).toMatchObject({
      "@type": "envoy.extensions.filters.http.router.v3.Router",
      suppress_envoy_headers: true,
    });
  });

  test("a map keeps its keys, __proto__ among them", () => {
    const read = readBootstrap({ text: '{"node":{"metadata":{"__proto__":{"a":1}}}}' });
    expect(read.ok && JSON.stringify(read.bootstrap.node?.metadata)).toBe('{"__proto__":{"a":1}}');
  });

  test("what was not set is absent with presence, zero without", () => {
    expect(valueOf(cluster, { name: "a" })).toMatchObject({ health_checks: [], lb_policy: "ROUND_ROBIN" });
    expect(valueOf(cluster, { name: "a" })).not.toHaveProperty("connect_timeout");
  });
});

describe("what is not understood is refused, with its path", () => {
  const cases: [string, keyof Messages, unknown, string, RegExp][] = [
    ["an unknown field", cluster, { name: "a", nonsense: 1 }, "nonsense", /no such field/],
    [
      "an unsupported field",
      cluster,
      { name: "a", alt_stat_name: "b" },
      "alt_stat_name",
      /not in the supported subset/,
    ],
    ["an unsupported enum value", cluster, { name: "a", type: "ORIGINAL_DST" }, "type", /not in the supported subset/],
    ["an unknown enum value", cluster, { name: "a", type: "NOPE" }, "type", /expected one of STATIC/],
    ["an unknown enum number", cluster, { name: "a", type: 77 }, "type", /expected one of/],
    ["two members of a one-of", route, { match: { prefix: "/", path: "/a" } }, "match", /only one of path_specifier/],
    ["no member of a required one-of", route, { match: {} }, "match", /path_specifier is required: set prefix or/],
    ["both spellings at once", cluster, { name: "a", lb_policy: 0, lbPolicy: 0 }, "lbPolicy", /both spellings/],
    ["a missing required message", route, {}, "match", /must be set/],
    ["an empty name", cluster, {}, "name", /must not be empty/],
    [
      "a broken range",
      "envoy.config.core.v3.SocketAddress",
      { address: "a", port_value: 65_536 },
      "port_value",
      /at most/,
    ],
    [
      "a zero duration that must be positive",
      cluster,
      { name: "a", connect_timeout: "0s" },
      "connect_timeout",
      /greater/,
    ],
    ["a duration without unit", cluster, { name: "a", connect_timeout: "5" }, "connect_timeout", /duration/],
    ["a number for a text", cluster, { name: 5 }, "name", /expected a string/],
    ["a text for a bool", route, { match: { prefix: "/", case_sensitive: "true" } }, "match.case_sensitive", /true or/],
    ["a fraction for an integer", "envoy.type.v3.Int64Range", { start: 1.5 }, "start", /expected an integer/],
    ["an integer out of range", "envoy.type.v3.Int64Range", { start: "9223372036854775808" }, "start", /out of range/],
    ["an object for a list", cluster, { name: "a", health_checks: {} }, "health_checks", /expected a list/],
    ["a null in a list", "envoy.config.route.v3.VirtualHost", { name: "a", domains: [null] }, "domains[0]", /a string/],
    [
      "an Any without type",
      "envoy.config.listener.v3.Filter",
      { name: "a", typed_config: {} },
      "typed_config",
      /@type/,
    ],
    [
      "an Any of another kind",
      "envoy.config.listener.v3.Filter",
      { name: "a", typed_config: { "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router" } },
      "typed_config",
      /not in the supported subset here/,
    ],
    [
      "a header name with a line break",
      "envoy.config.core.v3.HeaderValueOption",
      { header: { key: "a\nb" } },
      "header.key",
      /not a valid header name/,
    ],
  ];
  test.each(cases)("%s", (_name, message, value, path, reason) => {
    const errors = errorsOf(message, value);
    expect(errors.map((e) => e.path)).toContain(path);
    expect(errors.find((e) => e.path === path)?.message).toMatch(reason);
  });

  test("everything wrong is told at once, deep paths included", () => {
    const text = JSON.stringify({
      node: { nonsense: 1 },
      static_resources: {
        listeners: [
          {
            address: { socket_address: { address: "127.0.0.1" } },
            filter_chains: [{ filter_chain_match: { address_suffix: "x" } }],
          },
        ],
      },
    });
    const result = readBootstrap({ text });
    expect(result.ok ? [] : result.errors.map((e) => e.path)).toEqual([
      "node.nonsense",
      "static_resources.listeners[0].address.socket_address",
      "static_resources.listeners[0].filter_chains[0].filter_chain_match.address_suffix",
    ]);
  });

  test("a name where nothing resolves names", () => {
    const named = { socket_address: { address: "localhost", port_value: 1 } };
    const cluster = (type: string) => ({
      name: type,
      type,
      load_assignment: { cluster_name: "a", endpoints: [{ lb_endpoints: [{ endpoint: { address: named } }] }] },
    });
    const clusters = [cluster("STATIC"), cluster("STRICT_DNS")];
    const result = readBootstrap({ value: { admin: { address: named }, static_resources: { clusters } } });
    expect(result.ok ? [] : result.errors.map((e) => e.path)).toEqual([
      "admin.address.socket_address.address",
      "static_resources.clusters[0].load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address.address",
    ]);
  });

  test("a million mistakes are not a million errors", () => {
    const domains = Array.from({ length: 100_000 }, () => 1);
    expect(errorsOf("envoy.config.route.v3.VirtualHost", { name: "a", domains }).length).toBeLessThanOrEqual(200);
  });
});

describe("text that is no JSON", () => {
  test.each([
    ["", /a value is missing/],
    ['{"a":1,"a":2}', /line 1, column 8: duplicate key "a"/],
    ['{\n "a": 1,\n "b": tru\n}', /line 3, column 7/],
    ['{"a":1} x', /text after the end/],
    ["[1,]", /unexpected "]"/],
    ['{"a":01}', /"," or "}"/],
    ['"\u0001"', /control character/],
    ['"\\x"', /unknown escape/],
    ["[".repeat(1_000), /nested deeper/],
    ['{"a": NaN}', /unexpected "N"/],
  ])("%j is an error with its place", (text, reason) => {
    const result = readBootstrap({ text });
    expect(result.ok ? "" : result.errors[0]?.message).toMatch(reason);
  });
});

test("a private key given inline is never written", () => {
  const secret = {
    name: "s",
    tls_certificate: { certificate_chain: { inline_string: "CERT" }, private_key: { inline_string: "KEY" } },
  };
  const name = "envoy.extensions.transport_sockets.tls.v3.Secret";
  const written = JSON.stringify(writeMessage(name, valueOf(name, secret)));
  expect(written).toContain("CERT");
  expect(written).not.toContain("KEY");
  expect(written).toContain("[redacted]");
});
