import { z } from "zod";
import { DEFAULTS as D } from "../defaults";
import {
  dnsLabel,
  duration,
  headerName,
  hostname,
  httpMethod,
  optional,
  percent,
  port,
  reference,
  regex,
  required,
  status,
  text,
  urlPath,
} from "./fields";

const rewrite = z.strictObject({
  prefix: optional(urlPath, "Replaces the prefix that matched; one of prefix, full and regex"),
  full: optional(urlPath, "Replaces the whole path"),
  regex: optional(
    z.strictObject({
      pattern: required(regex, "RE2; every part of the path that matches is replaced"),
      substitution: required(z.string(), "What stands there instead; \\1 is the first group"),
    }),
    "Replaces by pattern",
  ),
  host: optional(hostname, "Replaces the Host header; kept when left out"),
});

const redirect = z.strictObject({
  scheme: optional(z.enum(["http", "https"]), "Scheme to go to; the request's own when left out"),
  host: optional(hostname, "Host to go to; the request's own when left out"),
  port: optional(port, "Port to go to; the scheme's own when left out"),
  full: optional(urlPath, "Path to go to; the request's own when left out; one of full and prefix"),
  prefix: optional(urlPath, "Replaces the prefix that matched"),
  code: optional(
    z.union([z.literal(301), z.literal(302), z.literal(303), z.literal(307), z.literal(308)], {
      error: "expected 301, 302, 303, 307 or 308",
    }),
    "Status of the answer",
    D.redirectCode,
  ),
});

const headerValues = z.record(headerName, z.string());
const headerChange = z.strictObject({
  set: optional(headerValues, "Headers set, replacing what is there", {}),
  add: optional(headerValues, "Headers added to what is there", {}),
  remove: optional(z.array(headerName), "Headers taken out", []),
});
const headers = z.strictObject({
  request: optional(headerChange, "Changes on the way to the service"),
  response: optional(headerChange, "Changes on the way back"),
});

const origin = z.strictObject({
  exact: optional(text, "This origin, as https://shop.example; one of exact, prefix and regex"),
  prefix: optional(text, "Origins that start so"),
  regex: optional(regex, "RE2 over the whole origin"),
});
const cors = z.strictObject({
  allowOrigins: required(
    z.array(z.union([text, origin], { error: "expected an origin, or { exact | prefix | regex }" })).min(1),
    "Origins that may call; * means every one",
  ),
  allowMethods: optional(z.array(z.union([httpMethod, z.literal("*")])), "Methods that they may use", []),
  allowHeaders: optional(z.array(text), "Request headers that they may send", []),
  exposeHeaders: optional(z.array(text), "Response headers that they may read", []),
  maxAge: optional(duration, "How long a browser keeps the answer; 0s: not at all; its own choice when left out"),
  allowCredentials: optional(z.boolean(), "Cookies and the like may be sent", D.allowCredentials),
});

const mirror = z.strictObject({
  service: required(reference, "Service that gets the copies; its answers are thrown away"),
  version: optional(dnsLabel, "Version that gets them; any when left out"),
  port: optional(port, "Port of that service", "its only port"),
  percent: optional(percent, "Share of requests copied; 0: none", D.percent),
});

const fault = z.strictObject({
  delay: optional(
    z.strictObject({
      duration: required(duration, "Time each request waits"),
      percent: optional(percent, "Share of requests that wait; 0: none", D.percent),
    }),
    "Requests wait before they go on; none when left out",
  ),
  abort: optional(
    z.strictObject({
      status: optional(status, "HTTP status of the answer; one of status and grpcStatus"),
      grpcStatus: optional(text.regex(/^[A-Z_]+$/, "expected a gRPC status in capitals: UNAVAILABLE"), "gRPC status"),
      percent: optional(percent, "Share of requests refused; 0: none", D.percent),
    }),
    "Requests are answered with an error; none when left out",
  ),
});

const shared = {
  headers: optional(headers, "Headers changed either way; none when left out"),
  mirror: optional(mirror, "Short for one entry of mirrors"),
  mirrors: optional(z.array(mirror), "Copies of requests, answers thrown away", []),
  fault: optional(fault, "Faults made on purpose; none when left out"),
};

export const httpFilters = z.strictObject({
  rewrite: optional(rewrite, "Changes path or host on the way to the service; nothing when left out"),
  redirect: optional(redirect, "Answers with a redirect, so no backends"),
  directResponse: optional(
    z.strictObject({
      status: required(status, "Status of the answer"),
      body: optional(z.string().max(65_536), "Body of the answer; empty: none", D.directResponseBody),
    }),
    "Answers at once, so no backends",
  ),
  cors: optional(cors, "Which web pages may call; left to the service when left out"),
  ...shared,
});

export const grpcFilters = z.strictObject(shared);
