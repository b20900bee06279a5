import type { Manifest } from "../../../src/plan";

const DNS_SUBDOMAIN = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const PORT_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;

type Tree = Readonly<Record<string, unknown>>;
const tree = (value: unknown): Tree => (typeof value === "object" && value !== null ? (value as Tree) : {});
const list = (value: unknown): readonly Tree[] => (Array.isArray(value) ? value.map(tree) : []);

/** Rules that an API server holds manifests of Kubernetes' own kinds to. Gives what is wrong. */
export function shapeMistakes(manifest: Manifest): string[] {
  const metadata = tree(manifest.metadata);
  const name = `${String(manifest.kind)} ${String(metadata.namespace ?? "")}/${String(metadata.name)}`;
  const mistakes: string[] = [];
  const must = (holds: boolean, what: string): void => void (holds || mistakes.push(`${name}: ${what}`));
  must(DNS_SUBDOMAIN.test(String(metadata.name)), "metadata.name is no DNS subdomain");
  for (const [key, value] of Object.entries(tree(metadata.labels))) {
    must(typeof value === "string" && LABEL_VALUE.test(value), `label ${key} has the value ${String(value)}`);
  }
  must((metadata.namespace === undefined) === (manifest.kind === "Namespace"), "namespace where it belongs");
  const spec = tree(manifest.spec);
  if (manifest.kind === "Service") servicePorts(spec, must);
  if (manifest.kind === "Deployment") deployment(spec, must);
  return mistakes;
}

type Must = (holds: boolean, what: string) => void;

function servicePorts(spec: Tree, must: Must): void {
  const ports = list(spec.ports);
  must(ports.length > 0, "no ports");
  must(new Set(ports.map((port) => port.name)).size === ports.length, "port names are not unique");
  must(new Set(ports.map((port) => port.port)).size === ports.length, "ports are not unique");
  for (const port of ports) must(PORT_NAME.test(String(port.name)), `port name ${String(port.name)}`);
  must(Object.keys(tree(spec.selector)).length > 0, "no selector");
}

function deployment(spec: Tree, must: Must): void {
  const template = tree(spec.template);
  const labels = tree(tree(template.metadata).labels);
  const selector = Object.entries(tree(tree(spec.selector).matchLabels));
  must(selector.length > 0, "no selector");
  for (const [key, value] of selector) must(labels[key] === value, `the template lacks the label ${key}`);
  const containers = list(tree(template.spec).containers);
  must(containers.length > 0, "no containers");
  for (const container of containers) {
    must(typeof container.name === "string", "a container without a name");
    const ports = list(container.ports).map((port) => port.containerPort);
    must(new Set(ports).size === ports.length, "container ports are not unique");
    for (const probe of ["livenessProbe", "readinessProbe", "startupProbe"]) {
      const fields = tree(container[probe]);
      for (const key of ["periodSeconds", "timeoutSeconds", "failureThreshold"]) {
        must(fields[key] === undefined || Number(fields[key]) >= 1, `${probe}.${key} is below 1`);
      }
    }
  }
}
