/** What the upstream does with one try, in the order of the tries; the last one stands for all further ones. */
export type Answer =
  | {
      readonly status?: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** Milliseconds before the response. */
      readonly delay?: number;
      readonly chunked?: boolean;
      readonly trailers?: Readonly<Record<string, string>>;
    }
  | { readonly raw: string; readonly then?: "close" | "echo" }
  /** Closes with FIN, with RST, or stays silent. */
  | "close"
  | "reset"
  | "hang";

/** `{case}` in what is sent stands for the field that tells cases apart on the upstream's side. */
export type Step = { readonly send: string } | { readonly await: string } | { readonly sleep: number } | "end";

export interface Case {
  readonly name: string;
  readonly steps: readonly Step[];
  /** Methods of the requests, one final response each. */
  readonly methods: readonly string[];
  readonly answers?: readonly Answer[];
  /** Compare also whether the connection was closed after the last response. */
  readonly closes?: boolean;
  /** Leave these out of the comparison, where chance or time decides them. */
  readonly except?: readonly ("upstream" | "log" | "counters" | "body")[];
}

type Json = object;

export interface ClusterSpec {
  readonly to: readonly string[];
  /** Of its endpoints, in place of their addresses; and the name that they are known by. */
  readonly address?: string;
  readonly hostname?: string;
  readonly [field: string]: unknown;
}

/** A listener with its routes and clusters; its cases run one after the other. */
export interface Setup {
  /** Also the stat prefix; clusters are named `NAME`, `NAME-2` … */
  readonly name: string;
  readonly manager?: Json;
  readonly routeConfig?: Json;
  readonly hosts: readonly Json[];
  /** By name: what is added to a static cluster of these upstreams (`u0`, `u1`, `u2`, `dead`). */
  readonly clusters?: Readonly<Record<string, ClusterSpec>>;
  /** Counters of the setup's first cluster to compare after each case. */
  readonly counters?: readonly string[];
  readonly cases: readonly Case[];
}

/** Ports of one engine's upstreams, and where it logs. */
export interface Places {
  readonly ports: Readonly<Record<string, number>>;
  readonly log: string;
}

const type = (name: string) => ({ "@type": `type.googleapis.com/envoy.${name}` });
const address = (port: number, host = "127.0.0.1") => ({ socket_address: { address: host, port_value: port } });

export const router = {
  name: "envoy.filters.http.router",
  typed_config: type("extensions.filters.http.router.v3.Router"),
};

/** Flags and details as both engines log them; the case comes first. */
const logLine = [
  "%REQ(X-CASE)%",
  "%RESPONSE_CODE%",
  "%RESPONSE_FLAGS%",
  "%RESPONSE_CODE_DETAILS%",
  "%ROUTE_NAME%",
  "%UPSTREAM_REQUEST_ATTEMPT_COUNT%",
  "%REQ(:METHOD)%",
  "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%",
].join("\t");

export function bootstrap(setups: readonly Setup[], places: Places): unknown {
  return {
    node: { id: "differential", cluster: "differential" },
    admin: { address: address(0) },
    static_resources: {
      listeners: setups.map((setup) => listener(setup, places)),
      clusters: setups.flatMap((setup) =>
        Object.entries(setup.clusters ?? { [setup.name]: { to: ["u0"] } }).map(([name, config]) =>
          cluster(name, config, places),
        ),
      ),
    },
  };
}

function listener(setup: Setup, places: Places): unknown {
  const manager = {
    ...type("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
    stat_prefix: setup.name,
    codec_type: "HTTP1",
    route_config: { name: setup.name, ...setup.routeConfig, virtual_hosts: setup.hosts },
    http_filters: [router],
    access_log: [
      {
        name: "envoy.access_loggers.file",
        typed_config: {
          ...type("extensions.access_loggers.file.v3.FileAccessLog"),
          path: places.log,
          log_format: { text_format_source: { inline_string: `${logLine}\n` } },
        },
      },
    ],
    ...setup.manager,
  };
  return {
    name: setup.name,
    address: address(0),
    filter_chains: [{ filters: [{ name: "envoy.filters.network.http_connection_manager", typed_config: manager }] }],
  };
}

function cluster(name: string, { to, address: host, hostname, ...config }: ClusterSpec, places: Places): unknown {
  return {
    name,
    type: "STATIC",
    connect_timeout: "2s",
    load_assignment: {
      cluster_name: name,
      endpoints: [
        {
          lb_endpoints: to.map((upstream) => ({
            endpoint: { address: address(places.ports[upstream] as number, host), ...(hostname && { hostname }) },
          })),
        },
      ],
    },
    ...config,
  };
}

/** One request, as a client that knows its manners writes it. */
export function request(
  method: string,
  path: string,
  fields: Readonly<Record<string, string>> | readonly (readonly [string, string])[] = {},
  body?: string,
): string {
  const list: (readonly [string, string])[] = Array.isArray(fields) ? [...(fields as [])] : Object.entries(fields);
  if (!list.some(([name]) => name.toLowerCase() === "host")) list.unshift(["Host", "a.example"]);
  if (body !== undefined) list.push(["Content-Length", String(body.length)]);
  return `${method} ${path} HTTP/1.1\r\n${list.map(([n, v]) => `${n}: ${v}\r\n`).join("")}{case}\r\n${body ?? ""}`;
}

/** A case of one request. */
export function one(
  name: string,
  method: string,
  path: string,
  fields: Parameters<typeof request>[2] = {},
  over: Partial<Case> & { readonly content?: string } = {},
): Case {
  const { content, ...rest } = over;
  return { name, steps: [{ send: request(method, path, fields, content) }], methods: [method], ...rest };
}

/** A case of bytes as they are; `{case}` where a field may stand. */
export function bytes(name: string, text: string, over: Partial<Case> = {}): Case {
  return { name, steps: [{ send: text }], methods: ["GET"], ...over };
}

/** Says which route was taken. */
export function says(body: string, status = 200): Json {
  return { direct_response: { status, body: { inline_string: body } } };
}
