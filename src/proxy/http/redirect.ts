import type { RedirectAction } from "../routing/action";
import type { RouteInput } from "../routing/conditions";

/** The Location of a redirect: parts that the action does not set are the request's own. */
export function redirectLocation(action: RedirectAction, input: RouteInput): string {
  const own = input.headers.lookup("x-forwarded-proto") ?? input.scheme;
  const scheme = action.scheme === "" ? own : action.scheme;
  const bare = input.authority.replace(/:\d+$/, "");
  let host = action.host === "" ? input.authority : action.host;
  if (action.port !== 0) host = `${action.host === "" ? bare : action.host}:${action.port}`;
  else if (action.host === "" && scheme !== own) {
    // A port that is the old scheme's default means nothing under the new one.
    const port = /:(\d+)$/.exec(input.authority)?.[1];
    if (port === (input.scheme === "https" ? "443" : "80")) host = bare;
  }
  let path = action.path === "" ? input.pathname : action.path;
  if (action.rewrite !== undefined) path = action.rewrite.apply(input.pathname);
  if (action.rewrite !== undefined && action.stripQuery) path = path.replace(/\?.*/s, "");
  const keepsQuery = !action.stripQuery && input.query !== "" && !path.includes("?");
  return `${scheme}://${host}${path}${keepsQuery ? `?${input.query}` : ""}`;
}
