import type { Check } from "../check";

export const noAccessLogs: Check = {
  code: "MESH1130",
  name: "no-access-logs",
  area: "telemetry",
  level: "info",
  title: "No access logs",
  why: "Who called what, and was refused, is known for as long as the pods' memory; after an incident nothing is left to read.",
  remedy: "Set telemetry.accessLogs.",
  relatives: { other: ["AWS Config: virtual-node-logging-file-path-exists"] },
  *run({ telemetry, services }) {
    if (!telemetry.accessLogs && services.length > 0) yield { path: "telemetry", message: "Requests are not logged" };
  },
  example: {
    wrong: `
services: [{ name: cart, ports: [{ port: 80 }] }]
`,
    right: `
services: [{ name: cart, ports: [{ port: 80 }] }]
telemetry: { accessLogs: { format: json } }
`,
  },
};
