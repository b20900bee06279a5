// What a protobuf field is, to the reader and to TypeScript.
export const wrappers = {
  "google.protobuf.DoubleValue": "double",
  "google.protobuf.FloatValue": "float",
  "google.protobuf.Int64Value": "int64",
  "google.protobuf.UInt64Value": "uint64",
  "google.protobuf.Int32Value": "int32",
  "google.protobuf.UInt32Value": "uint32",
  "google.protobuf.BoolValue": "bool",
  "google.protobuf.StringValue": "string",
  "google.protobuf.BytesValue": "bytes",
};
const special = {
  "google.protobuf.Duration": "duration",
  "google.protobuf.Struct": "struct",
  "google.protobuf.Value": "value",
  "google.protobuf.Empty": "empty",
  "google.protobuf.Any": "any",
};

/** `kind` names the reader's branch; `presence` is whether "not set" differs from the zero value. */
export function kindOf(field) {
  field.resolve();
  const full = field.resolvedType?.fullName.slice(1);
  const kind = !field.resolvedType
    ? field.type
    : field.resolvedType.values
      ? "enum"
      : wrappers[full]
        ? wrappers[full]
        : (special[full] ?? "message");
  const listed = field.repeated || field.map;
  const isMessage = field.resolvedType && !field.resolvedType.values;
  const presence =
    !listed && Boolean(isMessage || (field.partOf && !field.partOf.isProto3Optional) || field.options?.proto3_optional);
  return { kind, presence, wrapper: Boolean(full && wrappers[full]) };
}
