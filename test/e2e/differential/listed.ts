import type { Difference } from "./differences";

const lines = ["content-length", "content-type"];

/** All deliberate differences in what is done with traffic. docs/envoy-differences.md is written from them. */
export const differences: readonly Difference[] = [
  // ---- requests that we refuse
  {
    id: "connection-names-identity",
    envoy: "takes out what Connection names, x-forwarded-client-cert too",
    ours: "400",
    reason: "A client must not remove by Connection what we judge by.",
    cases: /^strictness: Connection names a certificate$/,
    statuses: ["200", "400"],
  },
  {
    id: "connection-names-host",
    envoy: "takes Host out and misses it then",
    ours: "400, with another reason in the log",
    reason: "The same refusal, said as what it is.",
    cases: /^strictness: Connection names Host$/,
    except: { parts: ["body", "log"], fields: lines },
  },
  {
    id: "tls-at-a-plain-port",
    envoy: "400 in plain text",
    ours: "closes the connection",
    reason: "Bytes that begin a TLS handshake are no request, and its client reads no HTTP.",
    cases: /^strictness: TLS at a plain port$/,
    statuses: ["400", ""],
  },
  {
    id: "refusals-close",
    envoy: "leaves the connection open for a moment after a head that was too large or too late",
    ours: "closes it with the answer",
    reason: "Nothing after such a head can be read as a request.",
    cases: /^(limits: (too many|too long a value|too long a target)|timeout-head: the head never ends)$/,
    except: { parts: ["closed"] },
  },
  {
    id: "strict-host",
    envoy:
      "joins two Host fields to `a,b`; takes an empty Host, user information and a port that is no number; needs no Host beside an absolute target, and drops the user information there",
    ours: "400",
    reason: "RFC 9112 §3.2: one Host, valid, always. What routing saw must be what the upstream sees.",
    cases:
      /^authority: (two Hosts|the same Host twice|an empty Host|user information|a port that is none|an absolute target (without Host|with user information))$/,
    statuses: ["200", "400"],
  },
  {
    id: "strict-lines",
    envoy:
      "takes a bare LF for a line's end, tabs and several spaces between the parts of a request line, and a bare CR in a value; unfolds folded lines",
    ours: "400",
    reason: "RFC 9112 §2.2 and §5.2: readers disagree about these, which is how requests are smuggled.",
    cases:
      /^strictness: (bare LF|a folded line|bare CR in a value|two spaces|a space after the version|a tab between)$/,
    statuses: ["200", "400"],
  },
  {
    id: "strict-chunks",
    envoy: "takes spaces after a chunk's size, and bytes beyond it up to the line's end",
    ours: "400",
    reason: "RFC 9112 §7.1: as above.",
    cases: /^strictness: (a chunk size before a space|a chunk longer than it says)$/,
    statuses: ["200", "400"],
  },
  {
    id: "strict-response",
    envoy: "forwards a 101 that nobody asked for, status 099, and a response whose lines end with a bare LF",
    ours: "502, and the connection is not used again",
    reason: "A response is judged as strictly as a request: an upstream may not decide where the next response begins.",
    cases: /^framing: (101 unasked|status 99|bare LF in the response)$/,
    ourStatuses: "502",
  },
  {
    id: "escape-that-is-none",
    envoy: "with normalize_path forwards a `%` without two hexadecimal digits",
    ours: "400",
    reason: "It means something else to every reader, so no rule about paths can be held.",
    cases: /^path-(normal|normal-merge|reject|unescape|redirect): \/a%(zz)?$/,
    statuses: ["200", "400"],
  },
  {
    id: "escaped-dots-with-parameters",
    envoy: "with normalize_path removes `/..;x/` but not `/%2e%2e;x/`, which it forwards as `/..;x/`",
    ours: "removes both",
    reason:
      "Some servers take `..;x` for `..`: a path that normalises to one with dot segments defeats rules about paths.",
    cases: /^path-(normal|normal-merge|reject|unescape|redirect): \/a\/%2e%2e;\/b$/,
    statuses: ["200", "200"],
  },
  {
    id: "connection-names-in-responses",
    envoy: "keeps the fields that a response's Connection names",
    ours: "removes them too",
    reason: "RFC 9110 §7.6.1.",
    cases: /^hop-by-hop: response names a field$/,
    except: { fields: ["x-y"] },
  },
  {
    id: "expectations",
    envoy: "forwards an Expect other than 100-continue",
    ours: "417",
    reason: "RFC 9110 §10.1.1: an expectation that cannot be met is to be refused.",
    cases: /^framing: expect something else$/,
    statuses: ["200", "417"],
  },
  {
    id: "other-refusals",
    envoy: "501 where chunked is said twice, 426 to an HTTP version above 1.1",
    ours: "400",
    reason: "Neither is a coding or a version that could be supported: the message is malformed.",
    cases: /^strictness: (chunked twice|a version to come)$/,
    ourStatuses: "400",
  },
  {
    id: "connect",
    envoy: "routes CONNECT, to 404 without a connect_matcher",
    ours: "403, always",
    reason: "CONNECT is not served.",
    cases: /^authority: CONNECT$/,
    statuses: ["404", "403"],
  },
  // ---- requests that we serve
  {
    id: "targets",
    envoy: "404 for `OPTIONS *` and for an absolute target that has a query and no path",
    ours: "routes `*` as a path, and `http://b?q` as `/?q`",
    reason: "RFC 9112 §3.2.4 and RFC 3986 §6.2.3.",
    cases: /^(authority: an absolute target with a query alone|route-order: asterisk)$/,
    statuses: ["404", "200"],
  },
  {
    id: "half-closed",
    envoy: "drops a request whose client then closed its sending side",
    ours: "answers it",
    reason: "A client that has said all may close its side (RFC 9112 §9.6).",
    cases: /^framing: half-closed after the request$/,
    statuses: ["", "200"],
  },
  {
    id: "http-1.0",
    envoy: "answers HTTP/1.0 as HTTP/1.0, and keeps the connection where asked to",
    ours: "answers as HTTP/1.1, and closes",
    reason: "RFC 9110 §2.5: a server sends its own version. Keep-alive of HTTP/1.0 is not worth its traps.",
    cases: /^http10: /,
    statuses: ["HTTP/1.0 200", "200"],
  },
  {
    id: "kept-connection",
    envoy: "503, or a retry by the route's policy, when the upstream closed a kept connection as it was used",
    ours: "asks once more on a new connection if the method is idempotent and the body at hand; that is no retry and no try in the numbers",
    reason: "RFC 9112 §9.3.1: nothing was lost but the connection.",
    cases: /^kept-connection: (reset|close), GET$/,
    statuses: ["503", "200"],
  },
  // ---- what passes through
  {
    id: "steering-fields",
    envoy:
      "without use_remote_address keeps x-envoy-* fields of the client that it does not obey; at an edge keeps x-envoy-attempt-count",
    ours: "removes every x-envoy-* field of a client",
    reason: "An upstream cannot tell them from the proxy's own.",
    cases: /^edge-(?!internal)[a-z-]+: steering fields$/,
    except: {
      parts: ["log"],
      fields: [
        "attempt-count",
        "decorator-operation",
        "downstream-service-cluster",
        "external-address",
        "original-path",
        "internal",
      ].map((n) => `x-envoy-${n}`),
    },
  },
  {
    id: "te-and-trailer",
    envoy: "forwards `te: trailers` and Trailer",
    ours: "removes them",
    reason: "They concern one hop, and trailers are not forwarded; with enable_trailers they pass.",
    cases:
      /^(hop-by-hop: (te trailers|trailer)|framing: trailers of the response|trailers-up: of a (request, announced|response, wanted))$/,
    except: { fields: ["te", "trailer"] },
  },
  {
    id: "proxy-connection",
    envoy: "closes at `Proxy-Connection: close`",
    ours: "removes the field and goes on",
    reason: "RFC 9112 appendix C.2.2: it is no field of HTTP.",
    cases: /^hop-by-hop: proxy-connection$/,
    except: { fields: ["connection"], parts: ["closed"] },
  },
  {
    id: "length-of-nothing",
    envoy:
      "writes `content-length: 0` into a POST without a body, and `transfer-encoding: chunked` into some answers to HEAD",
    ours: "leaves a request without a body as it is; a local answer to HEAD says the length of the answer to GET",
    reason: "The same by RFC 9112 §6; nothing is sent that the other side did not say.",
    cases:
      /^(framing: (POST without a body|HEAD chunked)|trailers[a-z-]*: of a response to HEAD|route-order: no host, HEAD)$/,
    except: { fields: ["content-length", "transfer-encoding"] },
  },
  {
    id: "upgrade-fields",
    envoy:
      "writes Connection and Upgrade as they came, adds a date to a 101, and closes after an upgrade that was refused",
    ours: "writes them in lower case, and keeps the connection",
    reason: "The tokens are case-insensitive; a refused upgrade leaves HTTP/1.1 as it was (RFC 9110 §7.8).",
    cases: /^upgrade[a-z-]*: (accepted|refused by the upstream|another protocol|in another case)$/,
    except: { fields: ["connection", "upgrade", "date", "x-envoy-upstream-service-time"] },
  },
  {
    id: "direct-response-body",
    envoy: "closes after a direct response to a request that has a body, even if the body came with the head",
    ours: "keeps the connection if the body is here in full",
    reason: "Nothing is left unread.",
    cases: /^pseudo-header-match: content-length$/,
    except: { fields: ["connection"] },
  },
  {
    id: "idle-closes",
    envoy: "keeps the connection after a stream's idle timeout before the response",
    ours: "closes it",
    reason: "What the client still sends of the request has no reader.",
    cases: /^timeouts: \/idle, late/,
    except: { fields: ["connection"] },
  },
  {
    id: "trailer-names",
    envoy: "with enable_trailers forwards trailers of any name",
    ours: "leaves out those that frame, route or authorize a message, and what only proxies say",
    reason: "RFC 9110 §6.5.1: a reader that merges trailers into the head must not be fooled by them.",
    cases: /^trailers: that may not be$/,
    except: { parts: ["upstream"] },
  },
  {
    id: "original-host-of-tries",
    envoy: "with auto_host_rewrite says in x-envoy-original-host at a second try what the first try wrote into Host",
    ours: "what the client wrote",
    reason: "That is what the field is for.",
    cases: /^host-by-name: a name, twice$/,
    except: { fields: ["x-envoy-original-host"] },
  },
  // ---- logs, details and counters
  {
    id: "refusals-in-the-log",
    envoy:
      "logs what its codec refuses without the request's fields and without a flag; says codec_error where its parser does not know more",
    ours: "logs them with fields, flag DPE and the rule that was broken",
    reason: "Who looks for an attack wants to see it.",
    cases:
      /^(authority: (no Host|a path in Host|a space in Host|an absolute target of another scheme|a target without a slash|a target in authority form|GET \*|OPTIONS \*|a fragment)|strictness: Connection names Host|underscores-reject_request: (one|begins with one)|strictness: a chunk .*|path-(reject|redirect): \/a(%2[fF]b|%5cb|%2f\.\.%2fb)|path-(normal|normal-merge|reject|unescape|redirect): \/a%00b)$/,
    except: { parts: ["log", "body", "closed"], fields: [...lines, "connection"] },
  },
  {
    id: "escapes-in-the-log",
    envoy: "writes a quote and a backslash into a text log as they are",
    ours: "writes a backslash before each",
    reason: "A client must not be able to end a quoted field of a log line.",
    cases: /^path-(as-is|merge|unescape-only): \/a(\\|'b")|^path-unescape-only: \/a%5cb$/,
    except: { parts: ["log"] },
  },
  {
    id: "rewritten-path-in-the-log",
    envoy: "logs the rewritten path as `%REQ(:PATH)%`",
    ours: "logs the path that rules and routes saw; `%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%` is equal wherever that field is",
    reason: "A log says what was judged.",
    cases: /^envoy-headers-suppressed: /,
    except: { parts: ["log"] },
  },
  {
    id: "details",
    envoy:
      "says UPE where the upstream's connection ended inside a body, and remote_connection_failure with the system's words where none came about",
    ours: "says UC and connection_failure",
    reason: "The same events in other words.",
    cases: /^(retry-[a-z0-9-]+: cut in the body|framing: cut short|dead: )/,
    except: { parts: ["log", "rest", "body"], fields: ["content-length"] },
  },
  {
    id: "overflow-numbers",
    envoy:
      "counts upstream_rq_pending_overflow only at a full queue, and marks a retry that the breaker forbade with UO",
    ours: "counts every request that a breaker turned away there",
    reason: "One number says how often the breaker was open.",
    cases: /^breaker-((requests|pending): |retries: retried$)/,
    except: { parts: ["log"], counters: ["upstream_rq_pending_overflow"] },
  },
  {
    id: "tries-without-a-host",
    envoy: "counts a try for which no host was found as attempt 1",
    ours: "counts tries at hosts",
    reason: "No upstream was asked.",
    cases: /^(outlier: (ejected|still ejected)|no-hosts: )/,
    except: { parts: ["log"], fields: ["connection"] },
  },
  {
    id: "status-counters",
    envoy: "counts the final response of a request in upstream_rq_<n>xx, retried ones under retry.upstream_rq_<n>xx",
    ours: "counts every try",
    reason: "Host and cluster numbers agree.",
    cases: /^try-counters: a retried 503$/,
    except: { counters: ["upstream_rq_5xx", "upstream_rq_completed"] },
  },
  // ---- not yet
  {
    id: "grpc-answers",
    envoy: "answers gRPC itself with grpc-status and grpc-message",
    ours: "answers as to any request",
    reason: "Not served yet: it comes with gRPC.",
    cases: /^pseudo-header-match: grpc(| with a format)$/,
    except: { parts: ["body"], fields: [...lines, "grpc-status", "grpc-message"] },
  },
  {
    id: "internal-clients",
    envoy: "keeps the x-request-id of a client whose address internal_address_config names",
    ours: "trusts no client as internal",
    reason: "An address is no identity.",
    cases: /^edge-internal: a request id$/,
    except: { fields: ["x-request-id"] },
  },
  {
    id: "internal-clients-steer",
    envoy:
      "obeys x-envoy-* fields, a timeout of 1 ms among them, of a client whose address internal_address_config names",
    ours: "trusts no client as internal",
    reason: "An address is no identity.",
    cases: /^edge-internal: steering fields$/,
    statuses: ["504", "200"],
  },
];
