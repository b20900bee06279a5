/** Where Envoy wants an IP address, a name is refused: nothing would resolve it. */
import { isIP } from "node:net";
import { element, member, type ErrorList } from "./errors";
import type { Address, Bootstrap, Cluster } from "./messages";

/** Checks every address that is not resolved by DNS: of admin, listeners, and the endpoints of STATIC clusters. */
export function checkAddresses(bootstrap: Bootstrap, errors: ErrorList): void {
  check(bootstrap.admin?.address, "admin.address", errors);
  const { listeners = [], clusters = [] } = bootstrap.static_resources ?? {};
  listeners.forEach(({ address }, i) => check(address, `static_resources.listeners[${i}].address`, errors));
  clusters.forEach((cluster, i) => checkEndpoints(cluster, `static_resources.clusters[${i}]`, errors));
}

function checkEndpoints(cluster: Cluster, path: string, errors: ErrorList): void {
  if ((cluster.type ?? "STATIC") !== "STATIC") return;
  const at = member(path, "load_assignment.endpoints");
  cluster.load_assignment?.endpoints.forEach(({ lb_endpoints: endpoints }, i) =>
    endpoints.forEach(({ endpoint }, j) => {
      const host = element(member(element(at, i), "lb_endpoints"), j);
      check(endpoint?.address, member(host, "endpoint.address"), errors);
    }),
  );
}

function check(address: Address | undefined, path: string, errors: ErrorList): void {
  const text = address?.socket_address?.address;
  if (text !== undefined && isIP(text) === 0)
    errors.add(member(path, "socket_address.address"), `${JSON.stringify(text)} is no IP address`);
}
