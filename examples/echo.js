// A small HTTP service: answers who it is and what it was asked. HOST and PORT come from the environment.
const http = require("node:http");
const {
  HOST = "127.0.0.1",
  PORT = "8080",
  MESHUP_SERVICE = "echo",
  MESHUP_VERSION = "",
  MESHUP_REPLICA = "0",
} = process.env;
const server = http.createServer((request, response) => {
  const body = JSON.stringify({
    service: MESHUP_SERVICE,
    version: MESHUP_VERSION,
    replica: Number(MESHUP_REPLICA),
    method: request.method,
    path: request.url,
    headers: request.headers,
  });
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body + "");
});
server.listen(Number(PORT), HOST);
process.on("SIGTERM", () => server.close(() => process.exit(0)));
