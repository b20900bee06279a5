/** Proxies and upstreams of one test: closed after it, and looked at for what is left in flight. */
import { eventually } from "./client";
import { clusterConfig, forward, route, TestProxy, type ProxySpec } from "./proxy";
import { RawUpstream, type Script } from "./upstream";

let upstreams: RawUpstream[] = [];
let proxies: TestProxy[] = [];

afterEach(async () => {
  const [ups, pxs] = [upstreams, proxies];
  upstreams = [];
  proxies = [];
  try {
    // Whatever a test did: at rest nothing is counted as in flight.
    for (const px of pxs)
      await eventually(
        () => px.gauges().length === 0,
        () => px.gauges().join(" "),
      );
  } finally {
    for (const px of pxs) px.close();
    for (const up of ups) await up.close();
  }
});

export async function upstream(script: Script): Promise<RawUpstream> {
  const made = await RawUpstream.start(script);
  upstreams.push(made);
  return made;
}

export async function proxy(spec: ProxySpec): Promise<TestProxy> {
  const made = await TestProxy.start(spec);
  proxies.push(made);
  return made;
}

/** One cluster `up`, one route to it. */
export async function simple(
  script: Script,
  over: Partial<ProxySpec> = {},
): Promise<{ up: RawUpstream; px: TestProxy }> {
  const up = await upstream(script);
  const px = await proxy({ clusters: [clusterConfig("up", [up.port])], routes: [route(forward("up"))], ...over });
  return { up, px };
}

export const get = (path = "/"): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const gone = await RawUpstream.start(() => undefined);
  const { port } = gone;
  await gone.close();
  return port;
}
