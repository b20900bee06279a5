// The protoc-gen-validate rules of a field or a one-of, as plain data.

/** All rules of a field, merged: `{ string: { min_len: 1 }, message: { required: true } }`. */
export function rulesOf(field) {
  const merged = {};
  for (const option of field.parsedOptions ?? []) {
    const rules = option["(validate.rules)"];
    if (rules) merge(merged, rules);
  }
  return merged;
}

function merge(into, from) {
  for (const [key, value] of Object.entries(from)) {
    if (value && typeof value === "object" && !Array.isArray(value)) merge((into[key] ??= {}), value);
    else into[key] = value;
  }
}

/** A member of a one-of is required only where it was chosen, so it stays optional. */
export function isRequired(field) {
  if (field.partOf && !field.partOf.isProto3Optional) return false;
  const rules = rulesOf(field);
  return Boolean(rules.message?.required ?? rules.any?.required ?? rules.duration?.required);
}

export function isRequiredOneOf(oneof) {
  return Boolean(oneof.options?.["(validate.required)"]);
}
