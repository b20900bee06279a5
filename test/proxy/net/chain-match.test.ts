import { CidrRange } from "../../../src/proxy/authz/cidr";
import {
  anyConnection,
  chooseChain,
  combinations,
  type ChainMatch,
  type ConnectionFacts,
} from "../../../src/proxy/net/chain-match";

const chain = (name: string, match: Partial<ChainMatch>) => ({ name, match: { ...anyConnection, ...match } });
const facts = (over: Partial<ConnectionFacts>): ConnectionFacts => ({
  localAddress: "10.0.0.1",
  localPort: 443,
  remoteAddress: "192.168.1.2",
  serverName: "",
  transport: "tls",
  protocols: [],
  ...over,
});

test("server names: the whole name, then the longest wildcard, then a chain that names none", () => {
  const chains = [
    chain("none", {}),
    chain("a", { serverNames: ["a.example", "c.example"] }),
    chain("any", { serverNames: ["*.example"] }),
    chain("deep", { serverNames: ["*.b.example"] }),
  ];
  const chosen = (serverName: string) => chooseChain(chains, facts({ serverName }))?.name;
  expect(
    ["a.example", "c.example", "d.example", "x.b.example", "y.x.b.example", "b.example", "example", ""].map(chosen),
  ).toEqual(["a", "a", "any", "deep", "deep", "any", "none", "none"]);
});

test("protocols: the client's first that a chain has, then a chain that names none", () => {
  const chains = [chain("h2", { protocols: ["h2"] }), chain("h1", { protocols: ["http/1.1", "http/1.0"] })];
  const chosen = (...protocols: string[]) => chooseChain(chains, facts({ protocols }))?.name;
  expect([chosen("h2", "http/1.1"), chosen("http/1.0", "h2"), chosen("x"), chosen()]).toEqual([
    "h2",
    "h1",
    undefined,
    undefined,
  ]);
  expect(chooseChain([...chains, chain("rest", {})], facts({ protocols: ["x"] }))?.name).toBe("rest");
});

test("addresses: the longest range that holds them", () => {
  const range = (text: string, length: number) => new CidrRange(text, length);
  const chains = [
    chain("all", { sources: [range("0.0.0.0", 0)] }),
    chain("near", { sources: [range("192.168.0.0", 16), range("10.0.0.0", 8)] }),
    chain("nearer", { sources: [range("192.168.1.0", 24)] }),
    chain("nobody's", {}),
  ];
  const chosen = (remoteAddress: string) => chooseChain(chains, facts({ remoteAddress }))?.name;
  expect(["192.168.1.2", "192.168.2.2", "1.1.1.1", "::1"].map(chosen)).toEqual(["nearer", "near", "all", "nobody's"]);
});

test("an earlier respect decides for good: nobody comes back who fits better in a later one", () => {
  const chains = [chain("port", { destinationPort: 443, transport: "raw_buffer" }), chain("any", { transport: "tls" })];
  expect(chooseChain(chains, facts({ localPort: 443 }))).toBeUndefined();
  expect(chooseChain(chains, facts({ localPort: 80 }))?.name).toBe("any");
});

test("a chain has one combination for each way in which it can match", () => {
  const two = chain("two", { serverNames: ["a", "b"], protocols: ["x", "y"] });
  expect(combinations(two)).toHaveLength(4);
  expect(combinations(chain("one", {}))).toEqual(combinations({ match: anyConnection }));
});
