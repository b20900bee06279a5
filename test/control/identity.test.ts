import { X509Certificate } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IdentityAgent } from "../../src/control/agent";
import { CertificateAuthority } from "../../src/control/ca";
import { publish } from "../../src/control/files";
import { Signer } from "../../src/control/signer";

const ID = "spiffe://cluster.local/ns/shop/sa/cart";
let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "meshup-"))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function withSigner(
  svidLifetimeMs: number,
  use: (signer: Signer, socketPath: string) => Promise<void>,
): Promise<void> {
  const ca = await CertificateAuthority.create({ trustDomain: "cluster.local", svidLifetimeMs });
  const socketPath = join(dir, "ca.sock");
  const signer = new Signer(ca, socketPath);
  await signer.listen();
  try {
    await use(signer, socketPath);
  } finally {
    await signer.close();
  }
}

test("an agent with the workload's token gets its certificate; keys are the owner's alone to read", () =>
  withSigner(3_600_000, async (signer, socketPath) => {
    const { token } = signer.admit(ID);
    const directory = join(dir, "identity");
    const agent = new IdentityAgent({ spiffeId: ID, socketPath, token, directory });
    await agent.start();
    agent.stop();
    const leaf = new X509Certificate(readFileSync(join(directory, "identity.pem")));
    expect(leaf.subjectAltName).toBe(`URI:${ID}`);
    expect(leaf.verify(new X509Certificate(readFileSync(join(directory, "roots.pem"))).publicKey)).toBe(true);
    expect(statSync(join(directory, "identity.key")).mode & 0o777).toBe(0o600);
    expect(statSync(socketPath).mode & 0o777).toBe(0o600);
  }));

test("no token, a wrong one, a revoked one and another's identity get nothing", () =>
  withSigner(3_600_000, async (signer, socketPath) => {
    const own = signer.admit(ID);
    const other = signer.admit("spiffe://cluster.local/ns/shop/sa/web");
    const revoked = signer.admit(ID);
    revoked.revoke();
    const ask = (token: string): Promise<void> =>
      new IdentityAgent({ spiffeId: ID, socketPath, token, directory: join(dir, "identity") }).start();
    await expect(ask("")).rejects.toThrow(/unknown token/);
    await expect(ask(`${own.token}x`)).rejects.toThrow(/unknown token/);
    await expect(ask(revoked.token)).rejects.toThrow(/unknown token/);
    await expect(ask(other.token)).rejects.toThrow(/another identity/);
    expect(() => readdirSync(join(dir, "identity"))).toThrow(/ENOENT/);
  }));

test("a certificate is renewed with a new key before it ends", () =>
  withSigner(400, async (signer, socketPath) => {
    const { token } = signer.admit(ID);
    const directory = join(dir, "identity");
    const agent = new IdentityAgent({ spiffeId: ID, socketPath, token, directory });
    await agent.start();
    const first = readFileSync(join(directory, "identity.key"), "utf8");
    while (readFileSync(join(directory, "identity.key"), "utf8") === first) await new Promise((r) => setTimeout(r, 20));
    agent.stop();
  }));

test("files change together, and only the current set is kept", () => {
  publish(dir, { a: "1", b: "1" }, "one");
  publish(dir, { a: "2", b: "2" }, "two");
  expect([readFileSync(join(dir, "a"), "utf8"), readFileSync(join(dir, "b"), "utf8")]).toEqual(["2", "2"]);
  expect(readdirSync(dir).sort()).toEqual(["..data", "..two", "a", "b"]);
});
