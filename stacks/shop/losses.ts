import { type AcceptedLossArgs, Backend } from "../../components";

const network: AcceptedLossArgs = {
  feature: "egress.closed",
  reason: "the network's own firewall closes the way out",
};

/** What the shop does without on a backend, and why that is right. */
export const accepted: Readonly<Partial<Record<Backend, AcceptedLossArgs[]>>> = {
  [Backend.AppMesh]: [
    { feature: "authorization.allow", reason: "each node's backends and certificate names hold the call graph" },
    {
      feature: "authorization.from.identity",
      reason: "each node's backends and certificate names hold the call graph",
    },
  ],
  [Backend.Gcsm]: [network],
  [Backend.VpcLattice]: [
    { feature: "mtls.strict", reason: "the service network admits only its own VPC" },
    { feature: "authorization.allow", reason: "security groups hold the call graph" },
    { feature: "authorization.from.identity", reason: "security groups hold the call graph" },
    { feature: "route.timeout", reason: "every client sets its own deadline" },
    network,
  ],
};
