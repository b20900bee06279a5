import { hold } from "../support/cases";

const gateway = (listeners: string, routes: string) =>
  `services: [{ name: web, ports: [{ port: 80 }] }]\ngateways: [{ name: edge, listeners: [${listeners}] }]\nroutes: [${routes}]`;
const web = (fields: string) => `{ name: web, ${fields}, http: [{ backends: [{ service: web }] }] }`;
const https = (hostname: string) =>
  `{ name: https, port: 443, protocol: https, hostname: "${hostname}", tls: { certificateRef: a } }`;

hold("hostname-not-on-listener", [
  [
    "a wildcard listener takes what is under it",
    gateway(https("*.shop.example"), web("gateway: edge, hostnames: [www.shop.example]")),
  ],
  [
    "but not the bare name",
    gateway(https("*.shop.example"), web("gateway: edge, hostnames: [shop.example]")),
    "routes[0]",
  ],
  [
    "a wildcard route meets an exact listener",
    gateway(https("www.shop.example"), web('gateway: edge, hostnames: ["*.shop.example"]')),
  ],
  ["a route without names takes the listener's", gateway(https("*.shop.example"), web("gateway: edge"))],
]);

hold("unused-listener", [
  [
    "a route to the gateway reaches every listener that can carry it",
    gateway(`${https("a.example")}, { name: raw, port: 9000, protocol: tcp }`, web("gateway: edge")),
    "gateways[0].listeners[1]",
  ],
  [
    "a route to one listener leaves the other",
    gateway(
      `${https("a.example")}, { name: other, port: 8443, protocol: https, tls: { certificateRef: b } }`,
      web("parents: [{ gateway: edge, listener: https }]"),
    ),
    "gateways[0].listeners[1]",
  ],
]);

hold("plain-http", [
  [
    "a redirect is what plain http is for",
    "gateways: [{ name: edge, listeners: [{ port: 80, protocol: http }] }]\nroutes: [{ name: up, gateway: edge, http: [{ filters: { redirect: { scheme: https } } }] }]",
  ],
]);
