const clusters = [0, 1, 2].map(
  (i) => `filter_chains[0].filters[0].typed_config.route_config.virtual_hosts[0].routes[${i}].route.cluster`,
);
/** Setups that the bundled proxy refuses, with the fields that it names. It shrinks as more is served. */
export const refused: Readonly<Record<string, readonly string[]>> = {
  // A route to a cluster that does not exist is a mistake, whatever validate_clusters says.
  "cluster-not-found": clusters,
};
