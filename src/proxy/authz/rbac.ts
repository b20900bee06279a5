import type { FilteredExchange } from "../filters/filter";

/** A condition on one request: a permission or a principal. */
export interface Condition {
  holds(request: FilteredExchange): boolean;
}

export const always: Condition = { holds: () => true };
export const never: Condition = { holds: () => false };

export class AllOf implements Condition {
  constructor(private readonly parts: readonly Condition[]) {}
  holds(request: FilteredExchange): boolean {
    for (const part of this.parts) if (!part.holds(request)) return false;
    return true;
  }
}

export class AnyOf implements Condition {
  constructor(private readonly parts: readonly Condition[]) {}
  holds(request: FilteredExchange): boolean {
    for (const part of this.parts) if (part.holds(request)) return true;
    return false;
  }
}

export class Not implements Condition {
  constructor(private readonly part: Condition) {}
  holds(request: FilteredExchange): boolean {
    return !this.part.holds(request);
  }
}

export interface Policy {
  readonly name: string;
  readonly permissions: Condition;
  readonly principals: Condition;
}

/** What the rules say of one request. */
export interface Judgement {
  readonly allowed: boolean;
  /** The policy that matched; undefined when none did. */
  readonly policy: string | undefined;
}

/** Envoy's RBAC rules. ALLOW lets through what some policy matches, DENY all but that. */
export class RbacRules {
  private readonly policies: readonly Policy[];
  private readonly matched: readonly Judgement[];
  private readonly unmatched: Judgement;

  constructor(
    readonly action: "ALLOW" | "DENY",
    policies: readonly Policy[],
  ) {
    // Envoy asks them in the order of their names, and the first that matches is the one that is told.
    this.policies = [...policies].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    this.matched = this.policies.map(({ name }) => ({ allowed: action === "ALLOW", policy: name }));
    this.unmatched = { allowed: action === "DENY", policy: undefined };
  }

  judge(request: FilteredExchange): Judgement {
    const { policies } = this;
    for (let i = 0; i < policies.length; i++) {
      const policy = policies[i] as Policy;
      if (policy.permissions.holds(request) && policy.principals.holds(request)) return this.matched[i] as Judgement;
    }
    return this.unmatched;
  }
}
