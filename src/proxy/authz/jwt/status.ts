/** How verifying a token ended, in the words that Envoy answers with. */
export const jwtStatus = {
  ok: "OK",
  missing: "Jwt is missing",
  notYetValid: "Jwt not yet valid",
  expired: "Jwt is expired",
  badFormat: "Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections",
  badHeader: "Jwt header is an invalid Base64url encoded or an invalid JSON",
  badAlgorithm: "Jwt header [alg] is not supported",
  badPayload: "Jwt payload is an invalid Base64url encoded or an invalid JSON",
  badSignature: "Jwt signature is an invalid Base64url encoded",
  unknownIssuer: "Jwt issuer is not configured",
  wrongAudience: "Audiences in Jwt are not allowed",
  verificationFailed: "Jwt verification fails",
  noValidKeys: "Jwks doesn't have any valid public key",
  noMatchingKey: "Jwks doesn't have key to match kid or alg from Jwt",
  fetchFailed: "Jwks remote fetch is failed",
} as const;

export type JwtStatus = (typeof jwtStatus)[keyof typeof jwtStatus];
