import { type AcceptedLossArgs, Backend } from "../../components";

/** What the mesh app does without on a backend, and why that is right. */
export const accepted: Readonly<Partial<Record<Backend, AcceptedLossArgs[]>>> = {
  [Backend.Linkerd]: [
    { feature: "route.retries.on.connection", reason: "Linkerd's balancer tries failed connections again by itself" },
  ],
  [Backend.Gcsm]: [
    { feature: "mtls.permissive", reason: "the one service is STRICT; nothing else listens in this mesh" },
  ],
  [Backend.VpcLattice]: [
    { feature: "mtls.permissive", reason: "callers reach the service through the network, over HTTPS" },
    { feature: "mtls.strict", reason: "the service network admits only its own VPC" },
    { feature: "route.timeout", reason: "clients set their own deadlines" },
    ...["route.retries", "route.retries.perTryTimeout", "route.retries.on.connection"].map((feature) => ({
      feature,
      reason: "clients retry themselves",
    })),
  ],
};
