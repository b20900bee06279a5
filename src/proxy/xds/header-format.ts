import type { HeaderValue } from "../routing/header-mutation";
import { FormatError, pieces } from "../telemetry/log-format";
import type { CompileContext } from "./compile-context";

/** A header's value: text, or text with Envoy's operators (`%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%`). `%%` is one `%`. */
export function headerFormat(value: string, path: string, context: CompileContext): HeaderValue {
  if (!value.includes("%")) return value;
  try {
    const parts = pieces(value);
    if (parts.every((part) => typeof part === "string")) return parts.join("");
    return (record) => {
      let text = "";
      // What is unset leaves nothing; no value may end the line.
      for (const part of parts) text += typeof part === "string" ? part : String(part(record) ?? "");
      return text.replace(/[\0\r\n]/g, "");
    };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    context.error(path, error.message);
    return value;
  }
}
