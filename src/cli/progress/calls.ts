/** What a stack's output `services` tells of each service (the Mesh's output of that name). */
interface Callable {
  readonly address: string;
  readonly ports?: readonly number[];
}
const isCallable = (value: unknown): value is Callable =>
  typeof value === "object" && value !== null && typeof (value as Callable).address === "string";

/** How to call the services of a stack: those on this host from here, those in a cluster from inside it. */
export function callLines(outputs: Readonly<Record<string, unknown>>): string[] {
  const services = Object.entries((outputs.services ?? {}) as Readonly<Record<string, unknown>>).flatMap(
    ([name, value]) => (isCallable(value) && value.address !== "" ? [{ name, ...value }] : []),
  );
  const [first] = services;
  if (first === undefined) return [];
  const width = Math.max(...services.map(({ name }) => name.length));
  const here = /:\d+$/.test(first.address);
  const port = here || first.ports?.[0] === undefined || first.ports[0] === 80 ? "" : `:${first.ports[0]}`;
  return [
    ...services.map(({ name, address }) => `${name.padEnd(width)}  ${address}`),
    "",
    `call it${here ? "" : ", from inside the mesh"}:`,
    `  curl http://${first.address}${port}/`,
  ];
}
