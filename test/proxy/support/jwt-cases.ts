import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTPayload } from "jose";
import { filter, typed, type Json } from "./filter-bench";
import type { Expected, FilterCase } from "./filter-cases";

const provider = (jwks: { keys: JWK[] }, body: Json = {}): Json => ({
  issuer: "https://issuer.example",
  local_jwks: { inline_string: JSON.stringify(jwks) },
  ...body,
});
const refused = (text: string, status = 401): Expected => ({ status, text });
const ok: Expected = { status: 200 };

/** Requests with real tokens, signed with keys made for the run. */
export async function jwtCases(): Promise<FilterCase[]> {
  const [ec, rsa, other] = await Promise.all([
    generateKeyPair("ES256"),
    generateKeyPair("RS256"),
    generateKeyPair("ES256"),
  ]);
  const jwk = async (key: Parameters<typeof exportJWK>[0], more: Partial<JWK>): Promise<JWK> => ({
    ...(await exportJWK(key)),
    ...more,
  });
  const keys = {
    keys: [
      await jwk(ec.publicKey, { kid: "ec", alg: "ES256" }),
      await jwk(rsa.publicKey, { kid: "rsa", alg: "RS256" }),
    ],
  };
  const now = Math.floor(Date.now() / 1000);
  const sign = (payload: JWTPayload, key = ec.privateKey, header = { alg: "ES256", kid: "ec" }): Promise<string> =>
    new SignJWT({ iss: "https://issuer.example", exp: now + 600, ...payload }).setProtectedHeader(header).sign(key);
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  const good = await sign({ sub: "me", role: "admin", groups: ["a", "b"], n: 3, yes: true, nested: { x: "deep" } });
  const plain = await sign({ sub: "you", role: "user" });
  const byRsa = await sign({ sub: "me" }, rsa.privateKey, { alg: "RS256", kid: "rsa" });
  const foreign = await sign({ sub: "me" }, other.privateKey);
  const unknownKey = await sign({ sub: "me" }, other.privateKey, { alg: "ES256", kid: "none" });
  const stranger = await sign({ sub: "me", iss: "https://elsewhere.example" });
  const old = await sign({ exp: now - 600 });
  const early = await sign({ nbf: now + 600 });
  const [head = "", payload = "", signature = ""] = good.split(".");
  const none = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.`;
  const forged = `${head}.${Buffer.from('{"iss":"https://issuer.example","role":"admin"}').toString("base64url")}.${signature}`;
  const authn = (body: Json): Json => filter("jwt", "jwt_authn.v3.JwtAuthentication", body);
  const simple = (more: Json = {}, requires: Json = { provider_name: "p" }): Json =>
    authn({ providers: { p: provider(keys, more) }, rules: [{ match: { prefix: "/" }, requires }] });
  const anyOf = (...requirements: Json[]): Json => ({ requires_any: { requirements } });
  const claim = (path: string[], value: Json): Json => ({
    sourced_metadata: {
      metadata_source: "DYNAMIC",
      metadata_matcher: {
        filter: "envoy.filters.http.jwt_authn",
        path: ["claims", ...path].map((key) => ({ key })),
        value,
      },
    },
  });
  return [
    {
      title: "tokens are judged by form, issuer, time, key and signature",
      setup: { filters: [simple()] },
      calls: [
        [bearer(good), { status: 200, sent: { authorization: undefined } }],
        [bearer(byRsa), ok],
        [
          { path: "/x?y" },
          { ...refused("Jwt is missing"), headers: { "www-authenticate": 'Bearer realm="http://a.example/x?y"' } },
        ],
        [
          bearer(foreign),
          {
            ...refused("Jwt verification fails"),
            headers: { "www-authenticate": 'Bearer realm="http://a.example/", error="invalid_token"' },
          },
        ],
        [bearer(forged), refused("Jwt verification fails")],
        [bearer(unknownKey), refused("Jwks doesn't have key to match kid or alg from Jwt")],
        [bearer(stranger), refused("Jwt issuer is not configured")],
        [bearer(old), refused("Jwt is expired")],
        [bearer(early), refused("Jwt not yet valid")],
        [bearer("a.b"), refused("Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections")],
        [bearer(none), { status: 401 }],
        [{ path: `/?access_token=${good}` }, ok],
        [{ ...bearer(good), path: `/?access_token=${old}` }, refused("Jwt is expired")],
      ],
    },
    {
      title: "audiences, places, and what is forwarded",
      setup: {
        filters: [
          simple({
            audiences: ["api"],
            from_headers: [{ name: "x-token", value_prefix: "T " }],
            from_cookies: ["session"],
            forward: true,
            forward_payload_header: "x-payload",
            claim_to_headers: [
              { header_name: "x-sub", claim_name: "sub" },
              { header_name: "x-deep", claim_name: "nested.x" },
              { header_name: "x-n", claim_name: "n" },
            ],
          }),
        ],
      },
      calls: [
        [{ headers: { "x-token": `T ${good}` } }, refused("Audiences in Jwt are not allowed", 403)],
        [bearer(good), refused("Jwt is missing")],
        ...(await Promise.all(
          [await sign({ aud: "api", sub: "me", n: 3, nested: { x: "deep" } })].map(
            async (token): Promise<FilterCase["calls"][number]> => [
              { headers: { "x-token": `T ${token}`, "x-sub": "forged", "x-payload": "forged" } },
              {
                status: 200,
                sent: {
                  "x-token": `T ${token}`,
                  "x-sub": "me",
                  "x-deep": "deep",
                  "x-n": "3",
                  "x-payload": token.split(".")[1] ?? "",
                },
              },
            ],
          ),
        )),
        [{ headers: { cookie: `a=b; session=${await sign({ aud: ["web", "https://api/"] })}` } }, ok],
      ],
    },
    {
      title: "a missing token may be allowed, a bad one not, unless that is said too",
      setup: {
        filters: [
          authn({
            providers: { p: provider(keys), q: provider(keys, { issuer: "https://elsewhere.example" }) },
            rules: [
              { match: { prefix: "/missing" }, requires: anyOf({ provider_name: "p" }, { allow_missing: {} }) },
              { match: { prefix: "/failed" }, requires: { allow_missing_or_failed: {} } },
              { match: { prefix: "/either" }, requires: anyOf({ provider_name: "p" }, { provider_name: "q" }) },
              { match: { path: "/free" } },
              { match: { prefix: "/named" }, requirement_name: "both" },
            ],
            requirement_map: {
              both: { requires_all: { requirements: [{ provider_name: "p" }, { provider_name: "q" }] } },
            },
          }),
        ],
      },
      calls: [
        [{ path: "/missing" }, ok],
        [{ ...bearer(good), path: "/missing" }, ok],
        [{ ...bearer(foreign), path: "/missing" }, refused("Jwt verification fails")],
        [{ ...bearer(foreign), path: "/failed" }, ok],
        [{ path: "/failed" }, ok],
        [{ ...bearer(stranger), path: "/either" }, ok],
        [{ ...bearer(old), path: "/either" }, refused("Jwt is expired")],
        [{ path: "/either" }, refused("Jwt is missing")],
        [{ path: "/free" }, ok],
        [{ path: "/unruled" }, ok],
        [{ path: "/named" }, refused("Jwt is missing")],
        // The first takes the token out of the request, as it is not to be forwarded.
        [{ ...bearer(good), path: "/named" }, refused("Jwt is missing")],
      ],
    },
    {
      title: "RBAC judges by claims: texts, lists, and their absence",
      setup: {
        filters: [
          simple({ payload_in_metadata: "claims" }, anyOf({ provider_name: "p" }, { allow_missing: {} })),
          filter("rbac", "rbac.v3.RBAC", {
            rules: {
              action: "ALLOW",
              policies: {
                admins: {
                  permissions: [{ url_path: { path: { exact: "/admin" } } }],
                  principals: [claim(["role"], { string_match: { exact: "admin" } })],
                },
                group: {
                  permissions: [{ url_path: { path: { exact: "/group" } } }],
                  principals: [claim(["groups"], { list_match: { one_of: { string_match: { exact: "b" } } } })],
                },
                others: {
                  permissions: [{ url_path: { path: { exact: "/others" } } }],
                  principals: [{ not_id: claim(["role"], { string_match: { exact: "admin" } }) }],
                },
                flagged: {
                  permissions: [{ url_path: { path: { exact: "/flag" } } }],
                  principals: [claim(["yes"], { bool_match: true })],
                },
                present: {
                  permissions: [{ url_path: { path: { exact: "/has" } } }],
                  principals: [claim(["nested", "x"], { present_match: true })],
                },
              },
            },
          }),
        ],
      },
      calls: ["/admin", "/group", "/others", "/flag", "/has"].flatMap((path) => [
        [{ ...bearer(good), path }, { status: path === "/others" ? 403 : 200 }] as const,
        [{ ...bearer(plain), path }, { status: path === "/others" ? 200 : 403 }] as const,
        [{ path }, { status: path === "/others" ? 200 : 403 }] as const,
      ]),
    },
    {
      title: "a route asks for another requirement, or for none; a preflight passes",
      setup: {
        filters: [
          authn({
            providers: { p: provider(keys) },
            rules: [{ match: { prefix: "/" }, requires: { provider_name: "p" } }],
            requirement_map: { open: { allow_missing: {} } },
            bypass_cors_preflight: true,
          }),
        ],
        routes: [
          {
            match: { path: "/off" },
            route: { cluster: "up" },
            typed_per_filter_config: { jwt: typed("jwt_authn.v3.PerRouteConfig", { disabled: true }) },
          },
          {
            match: { path: "/open" },
            route: { cluster: "up" },
            typed_per_filter_config: { jwt: typed("jwt_authn.v3.PerRouteConfig", { requirement_name: "open" }) },
          },
          { match: { prefix: "/" }, route: { cluster: "up" } },
        ],
      },
      calls: [
        [{ ...bearer(foreign), path: "/off" }, ok],
        [{ path: "/open" }, ok],
        [{ ...bearer(foreign), path: "/open" }, refused("Jwt verification fails")],
        [{ path: "/" }, refused("Jwt is missing")],
        [{ method: "OPTIONS", headers: { origin: "https://o", "access-control-request-method": "GET" } }, ok],
      ],
    },
  ];
}
