import type { HeaderList } from "../core/header-list";
import type { RequestRecord } from "../core/view";

export type AppendAction = "append" | "add-if-absent" | "overwrite" | "overwrite-if-exists";

/** Latin1 text, or what it is for one request. */
export type HeaderValue = string | ((record: RequestRecord) => string);

/** One change of a message's headers. Names are lower case. An empty value is left out unless `keepEmpty`. */
export type HeaderMutation =
  | { readonly remove: string }
  | {
      readonly name: string;
      readonly value: HeaderValue;
      readonly action: AppendAction;
      readonly keepEmpty?: boolean;
    };

/** Applies `mutations` in order. */
export function mutate(headers: HeaderList, mutations: readonly HeaderMutation[], record: RequestRecord): void {
  for (const mutation of mutations) {
    if ("remove" in mutation) {
      headers.delete(mutation.remove);
      continue;
    }
    const { name } = mutation;
    const value = typeof mutation.value === "string" ? mutation.value : mutation.value(record);
    if (value === "" && mutation.keepEmpty !== true) continue;
    switch (mutation.action) {
      case "append":
        headers.append(name, value);
        break;
      case "add-if-absent":
        if (headers.lookup(name) === undefined) headers.append(name, value);
        break;
      case "overwrite":
        headers.put(name, value);
        break;
      case "overwrite-if-exists":
        if (headers.lookup(name) !== undefined) headers.put(name, value);
        break;
    }
  }
}
