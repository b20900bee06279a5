import { readTeamConfig } from "./config";
import { team } from "./program";

// Known before any resource is made, hence a program that awaits.
export = async () => {
  const { services } = await team(readTeamConfig());
  /** Where to call the team's services. */
  return { services };
};
