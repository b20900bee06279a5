import { get } from "node:http";
import { connect } from "node:net";
import type { Address } from "../renderers/proxy";

const TIMEOUT_MS = 1_000;

/** Whether somebody accepts connections there. */
export const answers = ({ address, port }: Address): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const end = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(TIMEOUT_MS, () => end(false));
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });

/** The body of a page of the admin interface, if it answers 200. */
export const adminPage = ({ address, port }: Address, path: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const request = get({ host: address, port, path, agent: false, timeout: TIMEOUT_MS }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (body += chunk));
      response.on("error", () => resolve(undefined));
      response.on("end", () => resolve(response.statusCode === 200 ? body : undefined));
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(undefined));
  });

export const proxyReady = async (admin: Address): Promise<boolean> => (await adminPage(admin, "/ready")) !== undefined;
