import { type Check, checkByName } from "../src/checks";

/** The rules of `meshup validate` by name: a name that is none is a mistake of ours, told when the pack loads. */
export const checksNamed = (...names: readonly string[]): readonly Check[] =>
  names.map((name) => {
    const check = checkByName(name);
    if (!check) throw new Error(`no check is called ${name}`);
    return check;
  });
