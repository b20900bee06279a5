import { z } from "zod";
import { externalService } from "./schema/external";
import { grpcFilters, httpFilters } from "./schema/filters";
import { gateway } from "./schema/gateway";
import { grpcMatch, httpMatch } from "./schema/match";
import { API_VERSION, mesh } from "./schema/mesh";
import { authorizationPolicy, jwtPolicy, mtlsPolicy } from "./schema/policies";
import { route } from "./schema/route";
import { service } from "./schema/service";
import { traffic } from "./schema/traffic";
import { workload } from "./schema/workload";

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** Separate documents: the entry of a list in the Mesh, with its name and namespace in metadata. */
const PIECES = {
  MeshService: service,
  MeshRoute: route,
  MeshGateway: gateway,
  ExternalService: externalService,
  MtlsPolicy: mtlsPolicy,
  AuthorizationPolicy: authorizationPolicy,
  JwtPolicy: jwtPolicy,
} as const;

const KINDS = ["Mesh", ...Object.keys(PIECES)];
/** What several documents share, under names of its own. */
const PARTS: Readonly<Record<string, z.ZodType>> = {
  Workload: workload,
  Traffic: traffic,
  HttpMatch: httpMatch,
  GrpcMatch: grpcMatch,
  HttpFilters: httpFilters,
  GrpcFilters: grpcFilters,
};

/**
 * JSON Schema (draft 2020-12) of the documents in mesh.yaml, for editors. Made from the same schemas that the loader
 * checks with, descriptions and defaults included; what spans several fields (references, one key of several) is the
 * loader's alone.
 */
export function jsonSchema(): JsonSchema {
  const documents = [mesh, ...Object.entries(PIECES).map(([kind, piece]) => pieceDocument(kind, piece))];
  const registry = z.registry<{ id: string }>();
  for (const [id, part] of Object.entries(PARTS)) registry.add(part, { id });
  documents.forEach((document, index) => registry.add(document, { id: KINDS[index] as string }));
  const { schemas } = z.toJSONSchema(registry, {
    target: "draft-2020-12",
    io: "input",
    unrepresentable: "any",
    uri: (id) => `#/$defs/${id}`,
    override: ({ zodSchema, jsonSchema: json }) => {
      // Never allowed: `clusters` is reserved.
      if (zodSchema._zod.def.type === "never") json.not = {};
    },
  });
  const definitions = Object.fromEntries(Object.entries(schemas).map(([kind, schema]) => [kind, withoutHead(schema)]));
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "MeshUp",
    description: "A Mesh, or one of the separate documents that belong to it.",
    type: "object",
    required: ["apiVersion", "kind", "metadata"],
    properties: { apiVersion: { const: API_VERSION }, kind: { enum: KINDS } },
    // By kind rather than oneOf, so that a mistake is reported against the kind that was meant.
    allOf: KINDS.map((kind) => ({
      if: { properties: { kind: { const: kind } }, required: ["kind"] },
      then: { $ref: `#/$defs/${kind}` },
    })),
    $defs: definitions,
  };
}

function pieceDocument(kind: string, piece: z.ZodObject): z.ZodType {
  const { name, namespace } = piece.shape as { name: z.ZodType; namespace: z.ZodType };
  return z.strictObject({
    apiVersion: z.literal(API_VERSION).describe("Version of the format."),
    kind: z.literal(kind).describe("What the document is."),
    metadata: z.strictObject({ name, namespace }).describe("Name and namespace."),
    spec: piece.omit({ name: true, namespace: true }).optional().describe(`The ${kind}.`),
  });
}

function withoutHead({ $schema: _schema, $id: _id, ...schema }: JsonSchema): JsonSchema {
  return schema;
}
