import type { FilteredExchange } from "../../filters/filter";

/** Where a provider's tokens may be. */
export interface Locations {
  readonly headers: readonly { readonly name: string; readonly prefix: string }[];
  readonly params: readonly string[];
  readonly cookies: readonly string[];
}

/** Where tokens are when a provider does not say: `Authorization: Bearer`, and `access_token` in the query. */
export const defaultLocations: Locations = {
  headers: [{ name: "authorization", prefix: "Bearer " }],
  params: ["access_token"],
  cookies: [],
};

/** A token as found, and how to take it out of the request. */
export interface FoundToken {
  readonly text: string;
  /** Identifies the place, so that a place that several providers share is read once. */
  readonly place: string;
  remove(request: FilteredExchange): void;
}

/** All tokens in a request at these places: every one has to be good. */
export function findTokens(request: FilteredExchange, places: Locations): FoundToken[] {
  const found: FoundToken[] = [];
  for (const { name, prefix } of places.headers) {
    const remove = (r: FilteredExchange): void => r.headers.delete(name);
    request.headers.forEach((n, value) => {
      if (n !== name) return;
      const at = value.indexOf(prefix);
      if (at >= 0) found.push({ text: tokenIn(value, at + prefix.length), place: `header ${name} ${prefix}`, remove });
    });
  }
  for (const name of places.params) {
    const text = queryParameter(request.query, name);
    if (text === undefined) continue;
    found.push({ text, place: `param ${name}`, remove: (r) => r.setQuery(withoutParameter(r.query, name)) });
  }
  for (const name of places.cookies) {
    const text = cookie(request.headers.lookup("cookie") ?? "", name);
    if (text !== undefined) found.push({ text, place: `cookie ${name}`, remove: () => undefined });
  }
  return found;
}

/** From the first character that a token may have. */
function tokenIn(value: string, from: number): string {
  const rest = value.slice(from);
  const at = rest.search(/[A-Za-z0-9_.-]/);
  return at < 0 ? value : rest.slice(at);
}

function queryParameter(query: string, name: string): string | undefined {
  for (const part of query.split("&")) if (nameOf(part) === name) return decoded(part.slice(part.indexOf("=") + 1));
  return undefined;
}

function withoutParameter(query: string, name: string): string {
  return query
    .split("&")
    .filter((part) => nameOf(part) !== name)
    .join("&");
}

function nameOf(part: string): string | undefined {
  const eq = part.indexOf("=");
  return eq < 0 ? undefined : decoded(part.slice(0, eq));
}

function decoded(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function cookie(header: string, name: string): string | undefined {
  for (const part of header.split(/[;,]/)) {
    const eq = part.indexOf("=");
    if (eq < 0 || part.slice(0, eq).trim() !== name) continue;
    const value = part.slice(eq + 1).trim();
    return /^".*"$/.test(value) ? value.slice(1, -1) : value;
  }
  return undefined;
}
