import { rows } from "../capability";
import { authorization } from "./authorization";
import { mtls } from "./mtls";

/** Who may call, and how it is known who calls. */
export const security = rows("security", [...mtls, ...authorization]);
