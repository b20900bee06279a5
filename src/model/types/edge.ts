/** What lies outside the mesh, and the doors to it. */
import type { Leaf, Labels, TlsVersion, Ref } from "./common";
import type { Port } from "./service";

export interface ExternalService extends Ref {
  readonly path: string;
  readonly hosts: readonly string[];
  readonly ports: readonly Port[];
  readonly resolution: "DNS" | "STATIC" | "NONE";
  readonly addresses: readonly string[];
  readonly tls?: {
    readonly mode: "SIMPLE" | "MUTUAL";
    readonly sni?: string;
    readonly caCertificates?: string;
    readonly certificateRef?: Leaf<string>;
  };
}
export interface Gateway extends Ref {
  readonly path: string;
  /** Pods that serve it. */
  readonly selector: Labels;
  readonly serviceAccount: string;
  readonly listeners: readonly Listener[];
}
export interface Listener {
  readonly path: string;
  readonly name: string;
  readonly port: number;
  readonly protocol: "http" | "https" | "tcp" | "tls" | "grpc";
  readonly hostname?: string;
  readonly tls?: {
    readonly mode: "TERMINATE" | "PASSTHROUGH" | "MUTUAL";
    readonly certificateRef?: Leaf<string>;
    readonly minVersion: TlsVersion;
    readonly redirectHttp: boolean;
  };
}
