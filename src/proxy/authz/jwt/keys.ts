import { compactVerify, importJWK, type JWK, type KeyLike } from "jose";
import { jwtStatus, type JwtStatus } from "./status";
import { keyTypes, type Token } from "./token";

/** The public keys of one issuer. A key that cannot be read is left out, as if it were not in the set. */
export class KeySet {
  /** Imported keys, by algorithm: one may serve several of its kind. */
  private readonly imported = new Map<string, Promise<KeyLike | Uint8Array | undefined>>();

  private constructor(private readonly keys: readonly JWK[]) {}

  /** From the text of a JWKS document; undefined when it holds no key at all. */
  static parse(text: string): KeySet | undefined {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return undefined;
    }
    const keys = typeof value === "object" && value !== null ? (value as { keys?: unknown }).keys : undefined;
    if (!Array.isArray(keys)) return undefined;
    const usable = keys.filter(
      (key): key is JWK => typeof key === "object" && key !== null && typeof (key as JWK).kty === "string",
    );
    return usable.length === 0 ? undefined : new KeySet(usable);
  }

  /** Verifies the signature with each key that may have made it. */
  async verify(token: Token): Promise<JwtStatus> {
    let tried = false;
    for (let i = 0; i < this.keys.length; i++) {
      const jwk = this.keys[i] as JWK;
      if (jwk.kty !== keyTypes.get(token.algorithm)) continue;
      if (token.keyId !== "" && jwk.kid !== undefined && jwk.kid !== token.keyId) continue;
      if (jwk.alg !== undefined && jwk.alg !== token.algorithm) continue;
      tried = true;
      const key = await this.key(i, jwk, token.algorithm);
      if (key !== undefined && (await signedBy(token, key))) return jwtStatus.ok;
    }
    return tried ? jwtStatus.verificationFailed : jwtStatus.noMatchingKey;
  }

  private key(index: number, jwk: JWK, algorithm: string): Promise<KeyLike | Uint8Array | undefined> {
    const name = `${index} ${algorithm}`;
    let key = this.imported.get(name);
    if (key === undefined) this.imported.set(name, (key = importJWK(jwk, algorithm).catch(() => undefined)));
    return key;
  }
}

async function signedBy(token: Token, key: KeyLike | Uint8Array): Promise<boolean> {
  try {
    await compactVerify(token.text, key, { algorithms: [token.algorithm] });
    return true;
  } catch {
    return false;
  }
}
