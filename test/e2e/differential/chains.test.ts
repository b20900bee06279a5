import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { TestCa, type Issued } from "../../proxy/support/certs";
import { describePart } from "../support/parts";
import { refusals, startBundled, startEnvoy, type Engine } from "./engines";
import { router } from "./setup";

const type = (name: string) => ({ "@type": `type.googleapis.com/envoy.${name}` });

interface Chain {
  readonly name: string;
  readonly match?: object;
}

/** Chains that each answer with their own name, under a certificate that bears it. */
function filterChain({ name, match }: Chain, { cert, key }: Issued): object {
  const manager = {
    ...type("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
    stat_prefix: name,
    route_config: {
      virtual_hosts: [
        {
          name,
          domains: ["*"],
          routes: [{ match: { prefix: "/" }, direct_response: { status: 200, body: { inline_string: name } } }],
        },
      ],
    },
    http_filters: [router],
  };
  const certificates = [{ certificate_chain: { inline_string: cert }, private_key: { inline_string: key } }];
  return {
    name,
    ...(match && { filter_chain_match: match }),
    filters: [{ name: "envoy.filters.network.http_connection_manager", typed_config: manager }],
    transport_socket: {
      name: "envoy.transport_sockets.tls",
      typed_config: {
        ...type("extensions.transport_sockets.tls.v3.DownstreamTlsContext"),
        common_tls_context: { tls_certificates: certificates, alpn_protocols: ["http/1.1", "special"] },
      },
    },
  };
}

const inspector = {
  name: "envoy.filters.listener.tls_inspector",
  typed_config: type("extensions.filters.listener.tls_inspector.v3.TlsInspector"),
};
const range = (address_prefix: string, prefix_len: number) => ({ address_prefix, prefix_len });
const listeners: Readonly<
  Record<string, { readonly chains: readonly Chain[]; readonly last?: Chain; readonly blind?: boolean }>
> = {
  names: {
    chains: [
      { name: "one", match: { server_names: ["a.example", "c.example"] } },
      { name: "wild", match: { server_names: ["*.example"] } },
      { name: "deep", match: { server_names: ["*.b.example"] } },
    ],
  },
  "names-and-default": {
    chains: [{ name: "one", match: { server_names: ["a.example"] } }],
    last: { name: "default" },
  },
  protocols: {
    chains: [
      { name: "special", match: { application_protocols: ["special"] } },
      { name: "both", match: { server_names: ["a.example"], application_protocols: ["http/1.1"] } },
      { name: "rest", match: {} },
    ],
  },
  blind: {
    blind: true,
    chains: [{ name: "one", match: { server_names: ["a.example"] } }],
    last: { name: "default" },
  },
  addresses: {
    chains: [
      { name: "far", match: { source_prefix_ranges: [range("10.0.0.0", 8)] } },
      { name: "near", match: { source_prefix_ranges: [range("127.0.0.0", 8)] } },
      { name: "nearer", match: { source_prefix_ranges: [range("127.0.0.1", 32)], server_names: ["a.example"] } },
      { name: "elsewhere", match: { prefix_ranges: [range("10.0.0.0", 8)], server_names: ["a.example"] } },
    ],
  },
  ports: {
    chains: [
      { name: "other-port", match: { destination_port: 1 } },
      { name: "any-port", match: { server_names: ["a.example"] } },
    ],
    last: { name: "default" },
  },
};
const hellos = ["", "a.example", "A.Example", "c.example", "x.example", "x.b.example", "b.example", "other"].flatMap(
  (servername) => [
    { servername },
    { servername, ALPNProtocols: ["special", "http/1.1"] },
    { servername, ALPNProtocols: ["http/1.1"] },
  ],
);

/** Which chain's certificate a client is shown, and which answers; "closed" where none serves it. */
function ask(port: number, options: (typeof hellos)[number]): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    let subject = "";
    const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false, ...options }, () => {
      subject = String(socket.getPeerCertificate().subject.CN);
      socket.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    });
    socket.on("data", (data) => {
      text += data.toString("latin1");
      // Bodies come with their heads here.
      if (text.includes("\r\n\r\n")) socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.on("close", () =>
      resolve(text === "" ? "closed" : `${subject}: ${text.slice(text.indexOf("\r\n\r\n") + 4)}`),
    );
  });
}

describePart("Envoy and the bundled proxy choose the same filter chains", ["envoy"], ({ envoy }) => {
  const dir = mkdtempSync(join(tmpdir(), "meshup-chains-"));
  let engines: readonly Engine[] = [];
  let bootstrap: object = {};

  beforeAll(async () => {
    const ca = await TestCa.create();
    const chain = async (one: Chain) =>
      filterChain(one, await ca.leaf({ subject: `CN=${one.name}`, dns: ["a.example"] }));
    const address = { socket_address: { address: "127.0.0.1", port_value: 0 } };
    bootstrap = {
      admin: { address },
      static_resources: {
        listeners: await Promise.all(
          Object.entries(listeners).map(async ([name, { chains, last, blind }]) => ({
            name,
            address,
            ...(blind !== true && { listener_filters: [inspector] }),
            filter_chains: await Promise.all(chains.map(chain)),
            ...(last && { default_filter_chain: await chain(last) }),
          })),
        ),
      },
    };
    engines = [await startEnvoy(envoy, bootstrap, "/dev/null", dir), await startBundled(bootstrap, "/dev/null")];
  }, 60_000);
  afterAll(async () => {
    for (const engine of engines) await engine.end();
    rmSync(dir, { recursive: true, force: true });
  });

  for (const name of Object.keys(listeners))
    test.each(hellos)(`${name}: %j`, async (hello) => {
      const [theirs, ours] = await Promise.all(engines.map(({ ports }) => ask(ports[name] as number, hello)));
      expect(ours).toBe(theirs);
    });

  test("both find some chain, and none, among these", async () => {
    const seen = new Set<string>();
    for (const name of Object.keys(listeners))
      for (const hello of hellos) seen.add(await ask((engines[1] as Engine).ports[name] as number, hello));
    expect([...seen].sort()).toEqual(
      ["any-port", "both", "deep", "default", "near", "nearer", "one", "rest", "special", "wild"]
        .map((name) => `${name}: ${name}`)
        .concat("closed")
        .sort(),
    );
  });

  test("chains that cannot be told apart, and names with a wildcard at a wrong place, are refused", async () => {
    const pair = await (await TestCa.create()).leaf({ dns: ["a"] });
    const refused = (...chains: Chain[]) =>
      refusals({
        static_resources: {
          listeners: [
            {
              name: "l",
              address: { socket_address: { address: "127.0.0.1", port_value: 0 } },
              filter_chains: chains.map((one) => filterChain(one, pair)),
            },
          ],
        },
      });
    const names = (...server_names: string[]) => ({ server_names });
    expect(refused({ name: "x", match: names("a", "b") }, { name: "y", match: names("b") })).toHaveLength(1);
    expect(refused({ name: "x", match: names("a*.b") })).toHaveLength(1);
    expect(refused({ name: "x", match: names("a") }, { name: "y", match: names("*.a") })).toEqual([]);
  });
});
