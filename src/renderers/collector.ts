/** A trace collector as a host and a port, with or without a scheme before them; undefined where it is anything else. */
export function collector(endpoint: string): { readonly service: string; readonly port: number } | undefined {
  const match = /^(?:https?:\/\/|grpc:\/\/)?([A-Za-z0-9.-]+):(\d{1,5})\/?$/.exec(endpoint);
  return match === null ? undefined : { service: match[1] as string, port: Number(match[2]) };
}
