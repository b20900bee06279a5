import { PolicyPack } from "@pulumi/policy";
import { policies } from "./pack";

new PolicyPack("meshup", {
  description: "What a service mesh should say: on Istio, Linkerd, the Gateway API, App Mesh, VPC Lattice and Google",
  enforcementLevel: "advisory",
  policies: policies(() => new Date().toISOString().slice(0, 10)),
});
