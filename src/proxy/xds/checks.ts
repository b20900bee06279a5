import type { ErrorList } from "./errors";
import type { Bootstrap } from "./messages";
export function checkBootstrap(_bootstrap: Bootstrap, _errors: ErrorList): void {}
