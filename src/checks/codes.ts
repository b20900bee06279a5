/** What is wrong with how checks are switched, not with the mesh. Never reused. */
export const settingCodes = {
  MESH1900: "A check is ignored without a reason",
  MESH1901: "A check is ignored where it does not happen",
  MESH1902: "No check has the name that a comment ignores",
  MESH1903: "The settings (.meshuprc.yaml) cannot be read",
} as const;
