import { readTeamConfig } from "./config";
import { team } from "./program";

// Known before any resource is made, hence a program that awaits.
export = async () => {
  const { services, cost } = await team(readTeamConfig());
  /** Where to call the team's services, and what they add to the mesh's cost a month. */
  return { services, cost };
};
