/** One virtual host whose every request goes to the cluster of that name. */
export const toCluster = (name: string, route: object = {}) => [
  { name: "all", domains: ["*"], routes: [{ match: { prefix: "/" }, route: { cluster: name, ...route } }] },
];
