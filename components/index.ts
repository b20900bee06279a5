export * from "./args";
export { AuthorizationPolicy } from "./authorization-policy";
export type { MeshCost } from "./cost";
export { ExternalService } from "./external-service";
export { Mesh, type MeshFinding, type MeshServiceInfo } from "./mesh";
export { MeshGateway } from "./mesh-gateway";
export { MeshRoute } from "./mesh-route";
export { MeshService } from "./mesh-service";
export { MtlsPolicy } from "./mtls-policy";
