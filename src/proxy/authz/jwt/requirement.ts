import type { FilteredExchange } from "../../filters/filter";
import { findTokens, type FoundToken, type Locations } from "./locations";
import type { Provider } from "./provider";
import { jwtStatus, type JwtStatus } from "./status";
import { readToken, type Token } from "./token";

/** What good tokens will do to the request once all of the requirement is met. */
export interface Verified {
  readonly provider: Provider;
  readonly token: Token;
  readonly found: FoundToken;
}

/** What a request's tokens must be. `verified` collects the good ones. */
export interface Requirement {
  verify(request: FilteredExchange, verified: Verified[]): JwtStatus | Promise<JwtStatus>;
}

/** Tokens of one provider: at least one, and all of them good. */
export class OfProvider implements Requirement {
  constructor(private readonly provider: Provider) {}

  verify(request: FilteredExchange, verified: Verified[]): JwtStatus | Promise<JwtStatus> {
    this.provider.sanitize(request);
    const found = findTokens(request, this.provider.config.locations);
    return found.length === 0 ? jwtStatus.missing : this.all(found, request, verified);
  }

  private async all(found: readonly FoundToken[], request: FilteredExchange, verified: Verified[]): Promise<JwtStatus> {
    for (const one of found) {
      const status = await verifyOne(one, [this.provider], request, verified);
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

  verify(request: FilteredExchange, verified: Verified[]): JwtStatus | Promise<JwtStatus> {
    for (const provider of this.providers) provider.sanitize(request);
    const found = findTokens(request, this.places);
    return found.length === 0 ? jwtStatus.ok : this.all(found, request, verified);
  }

  private async all(found: readonly FoundToken[], request: FilteredExchange, verified: Verified[]): Promise<JwtStatus> {
    for (const one of found) {
      const status = await verifyOne(one, this.providers, request, verified);
      if (status !== jwtStatus.ok && !this.failed) return status;
    }
    return jwtStatus.ok;
  }
}

async function verifyOne(
  found: FoundToken,
  providers: readonly Provider[],
  request: FilteredExchange,
  verified: Verified[],
): Promise<JwtStatus> {
  const token = readToken(found.text);
  if (typeof token === "string") return token;
  const provider =
    providers.find((p) => p.config.issuer === token.issuer) ?? providers.find((p) => p.accepts(token.issuer));
  if (provider === undefined) return jwtStatus.unknownIssuer;
  const status = await provider.verify(token, request);
  if (status === jwtStatus.ok) verified.push({ provider, token, found });
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

  async verify(request: FilteredExchange, verified: Verified[]): Promise<JwtStatus> {
    let told: JwtStatus = jwtStatus.missing;
    for (const part of this.parts) {
      const good: Verified[] = [];
      const status = await part.verify(request, good);
      if (status === jwtStatus.ok) {
        verified.push(...good);
        return status;
      }
      if (status !== jwtStatus.missing && (status !== jwtStatus.unknownIssuer || told === jwtStatus.missing))
        told = status;
    }
    return told;
  }
}

export class AllRequirements implements Requirement {
  constructor(private readonly parts: readonly Requirement[]) {}

  async verify(request: FilteredExchange, verified: Verified[]): Promise<JwtStatus> {
    for (const part of this.parts) {
      const status = await part.verify(request, verified);
      if (status !== jwtStatus.ok) return status;
    }
    return jwtStatus.ok;
  }
}

export const nothingRequired: Requirement = { verify: () => jwtStatus.ok };
