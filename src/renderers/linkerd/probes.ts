import type { Port, Service, Workload } from "../../model/model";
import { podTemplate } from "../k8s-workload";
import type { Region } from "./regions";

type Fields = Readonly<Record<string, unknown>>;
const fields = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});
const list = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(fields) : []);

export interface Probed {
  readonly region: Region;
  /** Linkerd lets the kubelet's HTTP probes through by itself while a Server has no route; gRPC ones it never does. */
  readonly byItself: boolean;
}

/** A pod without any probe need not be written to know it. */
const mayProbe = ({ container, template }: Workload): boolean =>
  template !== undefined || Object.values(container?.probes ?? {}).some((probe) => probe !== undefined);

/** What the kubelet, which has no identity, asks of a port: read from the pods as they are written. */
export function probesOf(service: Service, port: Port): readonly Probed[] {
  return service.versions.flatMap((version) => {
    const { workload } = version;
    if (workload === undefined || !mayProbe(workload)) return [];
    const spec = fields(podTemplate(service, version, workload, {}).spec);
    return list(spec.containers).flatMap((container) => {
      const named = new Map(list(container.ports).map((each) => [each.name, each.containerPort]));
      const asks = (given: unknown): boolean => given === port.targetPort || named.get(given) === port.targetPort;
      return ["startupProbe", "livenessProbe", "readinessProbe"].flatMap((key): Probed[] => {
        const { httpGet, grpc } = fields(container[key]);
        if (httpGet !== undefined && asks(fields(httpGet).port)) {
          const [value = "/"] = String(fields(httpGet).path ?? "/").split("?");
          return [{ region: { path: { kind: "exact", value }, method: "GET" }, byItself: true }];
        }
        if (grpc === undefined || !asks(fields(grpc).port)) return [];
        return [
          {
            region: { path: { kind: "exact", value: "/grpc.health.v1.Health/Check" }, method: "POST" },
            byItself: false,
          },
        ];
      });
    });
  });
}
