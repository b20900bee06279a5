import { Backend } from "../components";
import type { StackConfig } from "./config";

/** What a stack runs on, with what that backend must be told about its cloud. */
export interface BackendConfig {
  readonly name: Backend;
  /** Settings of `spec.backends.<name>`. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Reads the backend, and of the clouds' keys those that it needs: any other would mean nothing, and is refused. */
export function readBackend(stack: StackConfig): BackendConfig {
  const name = stack.oneOf("backend", Object.values(Backend));
  return { name, settings: cloudSettings(stack, name) };
}

function cloudSettings(stack: StackConfig, backend: Backend): Record<string, string> {
  switch (backend) {
    case Backend.VpcLattice:
      return { vpcId: stack.matching("vpcId", /^vpc-[0-9a-f]{8,17}$/, "a VPC's id, such as vpc-0a1b2c3d4e5f60718") };
    case Backend.Gcsm:
      return {
        project: stack.matching("gcpProject", /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, "a project's id, such as shop-prod-1"),
        zone: stack.matching("gcpZone", /^[a-z]+-[a-z]+[0-9]-[a-z]$/, "a zone, such as europe-west1-b"),
        network: stack.text("gcpNetwork", "default"),
      };
    default:
      return {};
  }
}
