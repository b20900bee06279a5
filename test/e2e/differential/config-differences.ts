/** Configurations that Envoy accepts and we refuse, on purpose. test/e2e/xds-validate.test.ts shows both engines those that are not marked "Not served yet". */
export const configDifferences: readonly { readonly what: string; readonly reason: string }[] = [
  { what: "a filter chain without filters", reason: "It can answer nothing: a mistake." },
  { what: "an HTTP connection manager without the router at its end", reason: "It can answer nothing: a mistake." },
  { what: "a `retry_on` word that is no condition", reason: "Envoy ignores it, and so the retry that was meant." },
  {
    what: "`choice_count` below 2 inside `load_balancing_policy`",
    reason: "Envoy's own limit, which it applies only outside.",
  },
  {
    what: "a route to a cluster that does not exist, with `validate_clusters: false`",
    reason: "Every request of the route would fail.",
  },
  {
    what: "a SPIFFE validator without trust domains, or with one without a name",
    reason: "Nobody could be believed, or anybody.",
  },
  { what: "TLS contexts that verify peers without saying whom to trust", reason: "Anybody would be believed." },
  { what: "more than one certificate in a TLS context", reason: "Not served yet." },
  { what: "a prefix length beyond its address (`10.0.0.0/33`)", reason: "A mistake; Envoy takes it for the longest." },
  {
    what: "secrets over `sds_config` (files, ADS)",
    reason: "Not served yet; files are watched where the context names them.",
  },
];
