import type { Filters, HeaderChange, Labels } from "../../model/model";

type Fields = Readonly<Record<string, unknown>>;

const pairs = (headers: Labels): readonly Fields[] => Object.entries(headers).map(([name, value]) => ({ name, value }));
function modifier({ set, add, remove }: HeaderChange): Fields {
  return {
    ...(Object.keys(set).length > 0 && { set: pairs(set) }),
    ...(Object.keys(add).length > 0 && { add: pairs(add) }),
    ...(remove.length > 0 && { remove }),
  };
}

/** Only what the controller reads: one filter of another type and it drops the whole route. */
export function filtersOf(filters: Filters): readonly Fields[] {
  const { requestHeaders, responseHeaders, redirect } = filters;
  return [
    ...(requestHeaders === undefined
      ? []
      : [{ type: "RequestHeaderModifier", requestHeaderModifier: modifier(requestHeaders) }]),
    ...(responseHeaders === undefined
      ? []
      : [{ type: "ResponseHeaderModifier", responseHeaderModifier: modifier(responseHeaders) }]),
    ...(redirect === undefined
      ? []
      : [
          {
            type: "RequestRedirect",
            requestRedirect: {
              ...(redirect.scheme !== undefined && { scheme: redirect.scheme }),
              ...(redirect.host !== undefined && { hostname: redirect.host }),
              ...(redirect.port !== undefined && { port: redirect.port }),
              ...(redirect.pathFull !== undefined && {
                path: { type: "ReplaceFullPath", replaceFullPath: redirect.pathFull },
              }),
              ...(redirect.pathPrefix !== undefined && {
                path: { type: "ReplacePrefixMatch", replacePrefixMatch: redirect.pathPrefix },
              }),
              statusCode: redirect.code,
            },
          },
        ]),
  ];
}
