import { request, type Setup } from "../setup";
import { toCluster } from "./to-cluster";

const upgrade = (name: string, manager: object, route: object): Setup => {
  const switching = {
    raw: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n",
    then: "echo",
  } as const;
  const ask = request("GET", "/", { Upgrade: "websocket", Connection: "Upgrade", "Sec-WebSocket-Key": "k" });
  return {
    name,
    manager,
    hosts: toCluster(name, route),
    cases: [
      {
        name: "accepted",
        steps: [{ send: ask }, { await: "\r\n\r\n" }, { send: "ping" }, { sleep: 150 }],
        methods: ["GET"],
        answers: [switching],
        except: ["log"],
      },
      { name: "refused by the upstream", steps: [{ send: ask }], methods: ["GET"], answers: [{ status: 403 }] },
      {
        name: "another protocol",
        steps: [{ send: request("GET", "/", { Upgrade: "foo", Connection: "upgrade" }) }],
        methods: ["GET"],
        answers: [{}],
      },
      {
        name: "in another case",
        steps: [
          { send: request("GET", "/", { Upgrade: "WebSocket", Connection: "keep-alive, Upgrade" }) },
          { await: "\r\n\r\n" },
        ],
        methods: ["GET"],
        answers: [switching],
        except: ["log"],
      },
      {
        name: "not named by Connection",
        steps: [{ send: request("GET", "/", { Upgrade: "websocket" }) }],
        methods: ["GET"],
        answers: [{}],
      },
    ],
  };
};

export const upgrades: readonly Setup[] = [
  upgrade("upgrade", { upgrade_configs: [{ upgrade_type: "websocket" }] }, {}),
  upgrade("upgrade-off", {}, {}),
  upgrade("upgrade-by-route", {}, { upgrade_configs: [{ upgrade_type: "websocket" }] }),
  upgrade(
    "upgrade-off-by-route",
    { upgrade_configs: [{ upgrade_type: "websocket" }] },
    { upgrade_configs: [{ upgrade_type: "websocket", enabled: false }] },
  ),
];
