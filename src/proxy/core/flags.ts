/** Why a response is what it is: Envoy's response flags as bits, so that one number per request tells all. */
export const enum Flag {
  None = 0,
  NoHealthyUpstream = 1 << 0,
  UpstreamConnectionFailure = 1 << 1,
  UpstreamOverflow = 1 << 2,
  NoRouteFound = 1 << 3,
  UpstreamRetryLimitExceeded = 1 << 4,
  UpstreamRequestTimeout = 1 << 5,
  UpstreamRemoteReset = 1 << 6,
  UpstreamConnectionTermination = 1 << 7,
  DownstreamConnectionTermination = 1 << 8,
  DownstreamProtocolError = 1 << 9,
  UpstreamProtocolError = 1 << 10,
  StreamIdleTimeout = 1 << 11,
  NoClusterFound = 1 << 12,
  LocalReset = 1 << 13,
  DurationTimeout = 1 << 14,
  UnauthorizedDetails = 1 << 15,
  RateLimited = 1 << 16,
  FaultInjected = 1 << 17,
  DelayInjected = 1 << 18,
}

const short: readonly (readonly [Flag, string])[] = [
  [Flag.NoHealthyUpstream, "UH"],
  [Flag.UpstreamConnectionFailure, "UF"],
  [Flag.UpstreamOverflow, "UO"],
  [Flag.NoRouteFound, "NR"],
  [Flag.UpstreamRetryLimitExceeded, "URX"],
  [Flag.UpstreamRequestTimeout, "UT"],
  [Flag.UpstreamRemoteReset, "UR"],
  [Flag.UpstreamConnectionTermination, "UC"],
  [Flag.DownstreamConnectionTermination, "DC"],
  [Flag.DownstreamProtocolError, "DPE"],
  [Flag.UpstreamProtocolError, "UPE"],
  [Flag.StreamIdleTimeout, "SI"],
  [Flag.NoClusterFound, "NC"],
  [Flag.LocalReset, "LR"],
  [Flag.DurationTimeout, "DT"],
  [Flag.UnauthorizedDetails, "UAEX"],
  [Flag.RateLimited, "RL"],
  [Flag.FaultInjected, "FI"],
  [Flag.DelayInjected, "DI"],
];

/** Envoy's `%RESPONSE_FLAGS%`: short names joined by commas, `-` when none is set. */
export function flagNames(flags: number): string {
  if (flags === 0) return "-";
  return short
    .filter(([bit]) => (flags & bit) !== 0)
    .map(([, name]) => name)
    .join(",");
}
