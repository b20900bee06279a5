import type { FilteredExchange } from "../filters/filter";

/** Gets one line for each request that rules refused. It must not throw. */
export interface AuditLog {
  denied(request: FilteredExchange, rule: DeniedBy): void;
}

export interface DeniedBy {
  /** The filter, and in its words why. */
  readonly filter: string;
  /** `DENY` and the policy that matched, `ALLOW` and none, or the requirement that a token did not meet. */
  readonly action: string;
  readonly policy: string;
  /** The rules only watch: the request went on. */
  readonly shadow: boolean;
}

/** No single value makes a line longer than this many characters. */
const maxValue = 2048;

/** Who asked for what, and which rule refused it: one JSON object a line. Values from the wire cannot end the line. */
export class JsonAuditLog implements AuditLog {
  constructor(private readonly write: (line: string) => void) {}

  denied(request: FilteredExchange, rule: DeniedBy): void {
    const { transport } = request;
    const { peer } = transport;
    this.write(
      `${JSON.stringify({
        time: new Date(request.runtime.clock.wall()).toISOString(),
        event: rule.shadow ? "would_deny" : "denied",
        listener: request.listener,
        principal: cut(peer?.uriSans[0] ?? peer?.dnsSans[0] ?? peer?.subject ?? ""),
        client: request.clientIp,
        connection: `${transport.remoteAddress}:${transport.remotePort}`,
        method: cut(request.method),
        authority: cut(request.authority),
        path: cut(request.pathname),
        request_id: cut(request.headers.lookup("x-request-id") ?? ""),
        filter: rule.filter,
        action: rule.action,
        policy: rule.policy,
      })}\n`,
    );
  }
}

function cut(value: string): string {
  return value.length > maxValue ? value.slice(0, maxValue) : value;
}
