/** Pieces of Envoy v3 configuration in proto3 JSON, spelled as in the protos (snake_case). */

/** A message of Envoy's API, as JSON. */
export type Message = Readonly<Record<string, unknown>>;

export interface Address {
  readonly address: string;
  readonly port: number;
}

/** Envoy's "no limit": an absent threshold would mean Envoy's own default of 1024. */
export const NO_LIMIT = 4_294_967_295;

const extensions = "type.googleapis.com/envoy.extensions";

/** A message inside an Any; `name` is relative to `envoy.extensions`. */
export const typed = (name: string, body: Message = {}): Message => ({ "@type": `${extensions}.${name}`, ...body });

/** A named extension with its configuration: filters, transport sockets, validators. */
export const extension = (name: string, type: string, body: Message = {}): Message => ({
  name,
  typed_config: typed(type, body),
});

/** Milliseconds as a proto3 JSON duration: 1500 → "1.5s", 0 → "0s". */
export const duration = (ms: number): string => `${ms / 1000}s`;

export const socketAddress = (at: Address): Message => ({
  socket_address: { address: at.address, port_value: at.port },
});

/** A share from 0 to 100 in ten-thousandths of a percent, so that 0.01 % survives. */
export const fraction = (percent: number): Message => ({
  numerator: Math.round(percent * 10_000),
  denominator: "MILLION",
});

/** `%` starts a substitution in header values; a literal one is doubled. */
export const headerValue = (value: string): string => value.replaceAll("%", "%%");

/** A literal inside an RE2 pattern. */
export const escapeRegex = (literal: string): string => literal.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&");

/** An object without the keys whose value is undefined: absent stays absent in the JSON. */
export function present(fields: Message): Message {
  const result: Record<string, unknown> = {};
  for (const key in fields) if (fields[key] !== undefined) result[key] = fields[key];
  return result;
}
