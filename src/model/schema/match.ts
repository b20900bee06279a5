import { z } from "zod";
import { DEFAULTS as D } from "../defaults";
import {
  dnsLabel,
  headerName,
  hostname,
  httpMethod,
  optional,
  reference,
  regex,
  required,
  text,
  urlPath,
} from "./fields";

const ignoreCase = optional(z.boolean(), "Capitals make no difference", D.ignoreCase);

const path = z.strictObject({
  exact: optional(urlPath, "The whole path, without the query; one of exact, prefix and regex"),
  prefix: optional(urlPath, "Whole segments from the start: /v1 takes /v1 and /v1/x, not /v10"),
  regex: optional(regex, "RE2 over the whole path"),
  ignoreCase,
});

const value = {
  exact: optional(z.string().max(4096), "The whole value; one of exact, prefix, suffix, regex and present"),
  prefix: optional(text, "How the value starts"),
  suffix: optional(text, "How the value ends"),
  regex: optional(regex, "RE2 over the whole value"),
  present: optional(z.boolean(), "true: it is there, whatever its value; false: it is not there"),
  negate: optional(z.boolean(), "Turns the condition round", D.negate),
};
const header = z.strictObject({
  name: required(headerName, "Name of the header; capitals make no difference"),
  ...value,
});
const query = z.strictObject({ name: required(text, "Name of the query parameter"), ...value });

const source = z.strictObject({
  service: optional(reference, "Only calls from this service's workloads"),
  namespace: optional(dnsLabel, "Only calls from this namespace"),
});

/** All conditions of one match must hold. */
export const httpMatch = z.strictObject({
  path: optional(path, "Condition on the path; every path when left out"),
  method: optional(httpMethod, "The one method; every method when left out"),
  methods: optional(z.array(httpMethod), "Any of these methods", []),
  headers: optional(z.array(header), "Conditions on headers", []),
  query: optional(z.array(query), "Conditions on query parameters", []),
  source: optional(source, "Condition on the caller; every caller when left out"),
});

export const grpcMatch = z.strictObject({
  service: optional(
    text.regex(/^[A-Za-z_][\w.]*$/, "expected a gRPC service with its package: shop.Cart"),
    "gRPC service with its package; every service when left out",
  ),
  method: optional(
    text.regex(/^[A-Za-z_]\w*$/, "expected a gRPC method: AddItem"),
    "gRPC method; every method when left out",
  ),
  headers: optional(z.array(header), "Conditions on metadata", []),
  source: optional(source, "Condition on the caller; every caller when left out"),
});

export const tlsMatch = z.strictObject({
  sni: required(z.array(hostname).min(1, "expected at least one server name"), "Any of these server names"),
  source: optional(source, "Condition on the caller; every caller when left out"),
});
