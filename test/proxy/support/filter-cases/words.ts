/** Pieces of which the cases are made. */
import { filter, type Call, type Json, type Setup } from "../filter-bench";
import type { Expected } from "./case";

export const ok: Expected = { status: 200 };
export const denied: Expected = { status: 403, text: "RBAC: access denied" };
export const rules = (action: string, policies: Json): Json => ({ action, policies });
export const rbac = (body: Json): Json => filter("rbac", "rbac.v3.RBAC", body);
export const any = { any: true };
export const path = (matcher: Json): Json => ({ url_path: { path: matcher } });
export const header = (name: string, matcher: Json, more: Json = {}): Json => ({
  header: { name, string_match: matcher, ...more },
});
export const deny = (permission: Json): Setup => ({
  filters: [rbac({ rules: rules("DENY", { p: { permissions: [permission], principals: [any] } }) })],
});
export const allow = (permission: Json, principal: Json = any): Setup => ({
  filters: [rbac({ rules: rules("ALLOW", { p: { permissions: [permission], principals: [principal] } }) })],
});
export const get = (target: string, headers: Call["headers"] = {}): Call => ({ path: target, headers });
export const always = { default_value: { numerator: 100, denominator: "HUNDRED" } };
export const forward = (match: Json, more: Json = {}, route: Json = {}): Json => ({
  match,
  route: { cluster: "up", ...route },
  ...more,
});
export const fault = (body: Json): Json => filter("fault", "fault.v3.HTTPFault", body);
export const all = { numerator: 100, denominator: "HUNDRED" };
