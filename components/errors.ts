import * as pulumi from "@pulumi/pulumi";
import type { CostCode } from "../src/cost";

/** What goes wrong at the Pulumi edge. Codes are never reused. */
export const codes = {
  noMesh: "MESH4001",
  latePiece: "MESH4002",
  invalidMesh: "MESH4003",
  missingPackage: "MESH4004",
  noSuchNode: "MESH4005",
  unresolvedReference: "MESH4006",
  specFile: "MESH4007",
  hostOnlyPlain: "MESH4008",
  notOnThisHost: "MESH4009",
  stackConfig: "MESH4010",
  notAProject: "MESH4011",
  unknownBackend: "MESH4012",
  sharedMesh: "MESH4013",
  ownedElsewhere: "MESH4014",
  sharedHost: "MESH4015",
  ownersSetting: "MESH4016",
  costSettings: "MESH4017",
  kindUnknown: "MESH4018",
  fieldConflict: "MESH4019",
} as const;
export type Code = (typeof codes)[keyof typeof codes];

/**
 * A mistake of the user's, told by the engine beside the resource it concerns and without a stack trace
 * (a RunError hides the stack too, but cannot name a resource).
 */
export function userError(
  code: Code | CostCode,
  message: string,
  remedy: string,
  resource?: pulumi.Resource,
): pulumi.ResourceError {
  const text = `${code}: ${message}${message.includes("\n") ? "\n" : " "}${remedy}`.trim();
  const error = new pulumi.ResourceError(text, resource, true);
  // The SDK puts 'error serializing property "x":' before the message of what passes through an output.
  Object.defineProperty(error, "message", { get: () => text, set: () => undefined, configurable: true });
  // Where nobody handles it, as in a test, Node would print the whole resource.
  Object.defineProperty(error, "resource", { value: resource, enumerable: false });
  return error;
}
