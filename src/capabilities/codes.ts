import type { Level } from "../model/finding";
import type { Kind } from "./capability";

/** MESH2001–MESH2019: what a backend cannot do. Renderers' own findings start at MESH2100. */
export const capabilityCodes = {
  /** A security feature that the backend cannot express. */
  MESH2001: "security",
  /** A routing feature that the backend cannot express. */
  MESH2002: "routing",
  /** A tuning feature that the backend cannot express. */
  MESH2003: "tuning",
  MESH2004: "expressed in another way, with a difference",
  MESH2005: "an accepted loss",
  MESH2006: "an accept of what the mesh does not use or the backend can do",
  MESH2007: "an accept without a reason",
  MESH2008: "needs a newer version of the backend",
  MESH2009: "needs MeshUp to install the backend",
  MESH2010: "needs another engine",
} as const;

export const lossCode: Readonly<Record<Kind, keyof typeof capabilityCodes>> = {
  security: "MESH2001",
  routing: "MESH2002",
  tuning: "MESH2003",
};
export const lossLevel: Readonly<Record<Kind, Level>> = { security: "error", routing: "error", tuning: "warning" };
