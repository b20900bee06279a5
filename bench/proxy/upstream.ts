import { createServer as createTcp, type Server, type Socket } from "node:net";
import { createServer as createTls } from "node:tls";
import { readFileSync } from "node:fs";

const BODY = "x".repeat(1024);
const RESPONSE = `HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nserver: upstream\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`;

/** Answers every request head with the same 1 KiB, as cheaply as Node can: what is measured is the proxy in front. */
export function startUpstream(
  port: number,
  tls?: { readonly ca: string; readonly cert: string; readonly key: string },
): Promise<Server> {
  const serve = (socket: Socket): void => {
    socket.setNoDelay(true);
    let rest = "";
    socket.on("data", (chunk: Buffer) => {
      rest += chunk.toString("latin1");
      let answers = 0;
      for (let end = rest.indexOf("\r\n\r\n"); end >= 0; end = rest.indexOf("\r\n\r\n")) {
        rest = rest.slice(end + 4);
        answers++;
      }
      if (answers > 0) socket.write(RESPONSE.repeat(answers), "latin1");
    });
    socket.on("error", () => socket.destroy());
  };
  const server = tls
    ? createTls(
        { ca: readFileSync(tls.ca), cert: readFileSync(tls.cert), key: readFileSync(tls.key), requestCert: true },
        serve,
      )
    : createTcp(serve);
  return new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(server)));
}
