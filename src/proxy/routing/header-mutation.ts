import type { HeaderList } from "../core/header-list";

export type AppendAction = "append" | "add-if-absent" | "overwrite" | "overwrite-if-exists";

/** One change of a message's headers. Names are lower case, values latin1. */
export type HeaderMutation =
  { readonly remove: string } | { readonly name: string; readonly value: string; readonly action: AppendAction };

/** Applies `mutations` in order. */
export function mutate(headers: HeaderList, mutations: readonly HeaderMutation[]): void {
  for (const mutation of mutations) {
    if ("remove" in mutation) {
      headers.delete(mutation.remove);
      continue;
    }
    const { name, value } = mutation;
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
