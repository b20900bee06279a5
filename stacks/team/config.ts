import { readConfig } from "../config";

/** What differs between the environments of the team. */
export const readTeamConfig = () =>
  readConfig(__dirname, (stack) => ({
    /** Stack that owns the mesh. */
    platform: stack.matching("platform", /^[^/]+\/[^/]+\/[^/]+$/, "a stack, as organization/project/stack"),
    /** Images of both versions. */
    registry: stack.text("registry", "registry.example"),
    /** Share of the reviews that the next version answers, in percent. */
    canary: stack.integer("canary", { min: 0, max: 100 }, 0),
  }));
export type TeamConfig = ReturnType<typeof readTeamConfig>;
