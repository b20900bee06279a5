import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { FilterBench, filter } from "../support/filter-bench";
import { outcome } from "../support/filter-cases";
import { jwtCases } from "../support/jwt-cases";

test("tokens are verified, and claims reach the filters behind", async () => {
  for (const { title, setup, calls } of await jwtCases()) {
    const bench = await FilterBench.start(setup);
    try {
      for (const [request, expected] of calls)
        expect([title, request, outcome(await bench.call(request), expected)]).toEqual([title, request, expected]);
      expect(bench.timers).toBe(0);
    } finally {
      await bench.close();
    }
  }
});

describe("keys that an issuer publishes", () => {
  const remote = (more = {}) => ({
    filters: [
      filter("jwt", "jwt_authn.v3.JwtAuthentication", {
        providers: {
          p: {
            issuer: "i",
            remote_jwks: {
              http_uri: { uri: "http://keys.example/jwks?v=1", cluster: "other", timeout: "1s" },
              ...more,
            },
          },
        },
        rules: [{ match: { prefix: "/" }, requires: { provider_name: "p" } }],
      }),
    ],
  });

  test("are fetched once for all who wait, and kept", async () => {
    const { publicKey, privateKey } = await generateKeyPair("EdDSA");
    const token = await new SignJWT({ iss: "i" }).setProtectedHeader({ alg: "EdDSA" }).sign(privateKey);
    const bench = await FilterBench.start(remote());
    bench.other.documents.set("/jwks?v=1", JSON.stringify({ keys: [await exportJWK(publicKey)] }));
    const request = { method: "POST", headers: { authorization: `Bearer ${token}` }, body: "held meanwhile" };
    const answers = await Promise.all([bench.call(request), bench.call(request), bench.call(request)]);
    expect(answers.map((a) => [a.status, a.seen?.body])).toEqual(Array(3).fill([200, "held meanwhile"]));
    expect((await bench.call(request)).status).toBe(200);
    expect(bench.other.seen.map((s) => [s.method, s.path, s.headers.host])).toEqual([
      ["GET", "/jwks?v=1", "keys.example"],
    ]);
    expect(bench.counters("jwt_authn.")).toMatchObject({ allowed: 4, denied: 0 });
    await bench.close();
  });

  test("that cannot be had refuse the token, and are asked for again", async () => {
    const bench = await FilterBench.start(remote());
    bench.other.documents.set("/jwks?v=1", "no json");
    const request = { headers: { authorization: `Bearer eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJpIn0.c2ln` } };
    expect(await bench.call(request)).toMatchObject({ status: 401, text: "Jwks remote fetch is failed" });
    expect(await bench.call(request)).toMatchObject({ status: 401, text: "Jwks remote fetch is failed" });
    expect(bench.other.seen.length).toBe(2);
    expect(bench.audit).toMatchObject([
      { event: "denied", filter: "jwt", action: "REQUIRE", policy: "Jwks remote fetch is failed", path: "/" },
      { event: "denied" },
    ]);
    await bench.close();
  });

  test("a provider, requirement or cluster that is not there is refused with its path", async () => {
    const jwt = (body: object) => ({ filters: [filter("jwt", "jwt_authn.v3.JwtAuthentication", { ...body })] });
    const local = { issuer: "i", local_jwks: { inline_string: '{"keys":[]}' } };
    const rules = [
      { match: { prefix: "/" }, requires: { provider_name: "q" } },
      { match: { prefix: "/" }, requirement_name: "r" },
    ];
    const gone = { issuer: "i", remote_jwks: { http_uri: { uri: "http://k/", cluster: "gone", timeout: "1s" } } };
    const errors = await FilterBench.errors(jwt({ providers: { p: local, g: gone }, rules }));
    expect(errors.map((e) => e.path.replace(/^.*typed_config\./, ""))).toEqual([
      'providers["g"].remote_jwks.http_uri.cluster',
      "rules[0].requires.provider_name",
      "rules[1].requirement_name",
    ]);
  });
});
