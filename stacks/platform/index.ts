import { readPlatformConfig } from "./config";
import { platform } from "./program";

const company = platform(readPlatformConfig());

/** What other teams' stacks read with `Mesh.fromStack`. */
export const mesh = company.export;
/** Where to call the platform's services, and what they cost a month. */
export const { services, cost } = company;
