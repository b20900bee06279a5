/** What a mesh's bill is made of, in the order of every report. */
export const COMPONENTS = {
  "mesh-fee": "Mesh fee",
  "data-plane": "Data plane",
  "control-plane": "Control plane",
  certificates: "Certificates",
  traffic: "Traffic",
  telemetry: "Telemetry",
} as const;
export type Component = keyof typeof COMPONENTS;
export const componentNames = Object.keys(COMPONENTS) as readonly Component[];
