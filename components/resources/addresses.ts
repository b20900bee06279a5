import * as pulumi from "@pulumi/pulumi";
import { keyOf, type Model, type Service } from "../../src/model/model";
import { virtualServiceName } from "../../src/renderers/appmesh/names";
import { serviceId } from "../../src/renderers/vpc-lattice/names";
import type { SharedMesh } from "../args";
import type { Nodes } from "./index";

/** The full name: it works from every namespace. */
const inCluster = ({ name, namespace }: Service, domain: unknown): string =>
  `${name}.${namespace}.svc.${typeof domain === "string" ? domain : "cluster.local"}`;

/** Where clients call a service, in a cluster or a cloud: the name that its backend answers to. */
export function addressesOf(
  { backend, model, shared }: { readonly backend: string; readonly model: Model; readonly shared?: SharedMesh },
  nodes: Nodes,
): (service: Service) => pulumi.Input<string> {
  const others = new Map((shared?.services ?? []).map((service) => [keyOf(service), service.address]));
  return (service) => {
    const known = others.get(keyOf(service));
    if (known !== undefined) return known;
    if (backend === "appmesh") return virtualServiceName(model, service);
    if (backend === "vpc-lattice") return latticeAddress(nodes.get(serviceId(service)));
    return inCluster(service, backend === "linkerd" ? model.backends.linkerd?.settings.clusterDomain : undefined);
  };
}

/** Lattice makes the name of a service up when it makes the service. */
function latticeAddress(node: pulumi.CustomResource | undefined): pulumi.Input<string> {
  const { dnsEntries } = (node ?? {}) as { readonly dnsEntries?: pulumi.Output<readonly { domainName?: string }[]> };
  return pulumi.output(dnsEntries).apply((entries) => entries?.[0]?.domainName ?? "");
}
