type Json = Readonly<Record<string, unknown>>;

/** One request of a case. Headers `x-fail`, `x-delay` and `x-reset` tell the upstream what to do: see upstream.ts. */
export interface Ask {
  /** Sanity, so that both sides cannot be wrong alike: the version that answers with 200, or a status. Absent: chance decides. */
  readonly gives?: string | number;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Default: the service's full name. `{self}` stands for its short one. */
  readonly host?: string;
  /** Both sides take at least so many milliseconds. */
  readonly slow?: number;
}

/** A service with versions v1 and v2 and a route of its own, and what is asked of it. */
export interface Case {
  readonly name: string;
  /** Rules of an http route. `service` may be left out of backends and mirrors, and is then the case's own. Empty: no route. */
  readonly rules: readonly Json[];
  readonly asks: readonly Ask[];
  /** Further fields of the route. */
  readonly route?: Json;
  /** Further fields of the service. */
  readonly service?: Json;
  /** Where chance decides: the asks are repeated so often, and the shares of the answers compared. */
  readonly sample?: number;
}

export const ask = (gives: string | number, path: string, rest: Omit<Ask, "gives" | "path"> = {}): Ask => ({
  gives,
  path,
  ...rest,
});

export const v1 = { version: "v1" };
export const v2 = { version: "v2" };

/** A rule to v1 under this match. */
export const on = (match: Json, rest: Json = {}): Json => ({ matches: [match], backends: [v1], ...rest });
export const otherwise: Json = { backends: [v2] };
