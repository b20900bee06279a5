import type { Finding } from "../model/finding";

/** What can go wrong on this host, MESH3001–MESH3099. A code is never reused; a retired one keeps its line. */
export const CODES = {
  MESH3001: "A version without a command for this host",
  MESH3002: "Command not found",
  MESH3003: "Working directory not found",
  MESH3004: "Port taken",
  MESH3005: "Workload exited while starting",
  MESH3006: "Workload not ready in time",
  MESH3007: "Proxy exited while starting",
  MESH3008: "Proxy not ready in time",
  MESH3009: "Configuration that the proxy refuses",
  MESH3010: "The mesh is run by another supervisor",
  MESH3011: "The mesh is not running",
  MESH3012: "No such process in the mesh",
  MESH3013: "Engine not found",
  MESH3014: "The supervisor did not start",
  MESH3015: "Proxy that did not take the new configuration",
  MESH3016: "Certificate not found",
} as const;
export type Code = keyof typeof CODES;

export const finding = (code: Code, path: string, message: string, remedy: string): Finding => ({
  code,
  level: "error",
  path,
  message,
  remedy,
});

/** A user's mistake or a host's state, told in findings; its stack is nobody's business. */
export class Problem extends Error {
  constructor(readonly findings: readonly Finding[]) {
    super(findings.map((f) => `${f.code} ${f.message}`).join("\n"));
    this.name = "Problem";
  }
}

export const problem = (code: Code, path: string, message: string, remedy: string): Problem =>
  new Problem([finding(code, path, message, remedy)]);
