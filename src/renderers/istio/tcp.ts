import type { Finding } from "../../model/finding";
import { serviceOf } from "../../model/lookup";
import type { Model, Route } from "../../model/model";
import type { Attachment } from "./attachments";
import type { Context } from "./context";
import { weighted } from "./destinations";
import { finding } from "./findings";
import { sourceFields } from "./matches";

type Fields = Readonly<Record<string, unknown>>;

/** TCPRoutes: connections are told apart by port alone. */
export const tcpRoutes = (context: Context, route: Route, ports: Attachment["ports"]): Fields[] =>
  route.rules.map((rule) => ({
    ...(ports === undefined ? {} : { match: ports.map((port) => ({ port })) }),
    route: weighted(context, rule.backends),
  }));

/** TLSRoutes: by the server name that the client asks for. */
export const tlsRoutes = (context: Context, route: Route, ports: Attachment["ports"]): Fields[] =>
  route.rules.map((rule) => ({
    match: rule.matches.flatMap((match) => {
      const fields = { sniHosts: match.sni, ...sourceFields(context.model, match.source) };
      return ports === undefined ? [fields] : ports.map((port) => ({ ...fields, port }));
    }),
    route: weighted(context, rule.backends),
  }));

/** A port declared HTTP is read as HTTP: istiod looks at no tcp rule for it. */
export const tcpFindings = (model: Model, route: Route): Finding[] =>
  route.kind !== "tcp"
    ? []
    : route.parents.flatMap((parent) => {
        const service = parent.kind === "service" ? serviceOf(model, parent) : undefined;
        const meant = service?.ports.filter(({ port }) => parent.port === undefined || port === parent.port) ?? [];
        if (meant.length === 0 || meant.some(({ protocol }) => protocol === "tcp" || protocol === "tls")) return [];
        const message = `${service?.name} speaks ${meant.map(({ protocol }) => protocol).join(", ")} there, and Istio applies tcp rules only to ports declared tcp or tls`;
        return [finding("MESH2114", parent.path, message, "Declare the port tcp, or write http rules.")];
      });
