import type { FilteredExchange } from "../../filters/filter";
import { findTokens, type FoundToken, type Locations } from "./locations";
import type { Provider } from "./provider";
import { jwtStatus, type JwtStatus } from "./status";
import { readToken } from "./token";

/** One request on its way through its requirement. Good tokens take effect at once: what is removed, none sees again. */
export class Verification {
  /** Claims by the providers' keys. */
  readonly claims: Record<string, unknown> = {};
  private readonly generation: number;

  constructor(readonly request: FilteredExchange) {
    this.generation = request.generation;
  }

  /** The request still waits: after a pause it may be gone, and its exchange another's. */
  get live(): boolean {
    return this.request.waits(this.generation);
  }
}

/** What a request's tokens must be. */
export interface Requirement {
  verify(of: Verification): JwtStatus | Promise<JwtStatus>;
}

/** Tokens of one provider: at least one, and all of them good. */
export class OfProvider implements Requirement {
  constructor(private readonly provider: Provider) {}

  verify(of: Verification): JwtStatus | Promise<JwtStatus> {
    this.provider.sanitize(of.request);
    const found = findTokens(of.request, this.provider.config.locations);
    return found.length === 0 ? jwtStatus.missing : this.all(found, of);
  }

  private async all(found: readonly FoundToken[], of: Verification): Promise<JwtStatus> {
    for (const one of found) {
      const status = await verifyOne(one, [this.provider], of);
      if (status !== jwtStatus.ok) return status;
    }
    return jwtStatus.ok;
  }
}

/** No token, or only good ones; with `failed` bad ones pass too, but count for nothing. */
export class Optional implements Requirement {
  private readonly places: Locations;

  constructor(
    private readonly providers: readonly Provider[],
    private readonly failed: boolean,
  ) {
    this.places = merged(providers.map((p) => p.config.locations));
  }

  verify(of: Verification): JwtStatus | Promise<JwtStatus> {
    for (const provider of this.providers) provider.sanitize(of.request);
    const found = findTokens(of.request, this.places);
    return found.length === 0 ? jwtStatus.ok : this.all(found, of);
  }

  private async all(found: readonly FoundToken[], of: Verification): Promise<JwtStatus> {
    for (const one of found) {
      const status = await verifyOne(one, this.providers, of);
      if (status !== jwtStatus.ok && !this.failed) return status;
    }
    return jwtStatus.ok;
  }
}

async function verifyOne(found: FoundToken, providers: readonly Provider[], of: Verification): Promise<JwtStatus> {
  const token = readToken(found.text);
  if (typeof token === "string") return token;
  const provider =
    providers.find((p) => p.config.issuer === token.issuer) ?? providers.find((p) => p.accepts(token.issuer));
  if (provider === undefined) return jwtStatus.unknownIssuer;
  const status = await provider.verify(token, of.request);
  if (!of.live) return jwtStatus.verificationFailed;
  if (status === jwtStatus.ok) provider.apply(token, found, of.request, of.claims);
  return status;
}

function merged(all: readonly Locations[]): Locations {
  const headers = new Map(all.flatMap((l) => l.headers.map((h) => [`${h.name} ${h.prefix}`, h] as const)));
  return {
    headers: [...headers.values()],
    params: [...new Set(all.flatMap((l) => l.params))],
    cookies: [...new Set(all.flatMap((l) => l.cookies))],
  };
}

/** The first that is met, in order. Of several failures the one that says most is told. */
export class AnyRequirement implements Requirement {
  constructor(private readonly parts: readonly Requirement[]) {}

  async verify(of: Verification): Promise<JwtStatus> {
    let told: JwtStatus = jwtStatus.missing;
    for (const part of this.parts) {
      const status = await part.verify(of);
      if (status === jwtStatus.ok || !of.live) return status;
      if (status !== jwtStatus.missing && (status !== jwtStatus.unknownIssuer || told === jwtStatus.missing))
        told = status;
    }
    return told;
  }
}

export class AllRequirements implements Requirement {
  constructor(private readonly parts: readonly Requirement[]) {}

  async verify(of: Verification): Promise<JwtStatus> {
    for (const part of this.parts) {
      const status = await part.verify(of);
      if (status !== jwtStatus.ok || !of.live) return status;
    }
    return jwtStatus.ok;
  }
}

export const nothingRequired: Requirement = { verify: () => jwtStatus.ok };
