/** What the mesh tells about itself. */

export interface Telemetry {
  readonly path: string;
  readonly metrics: { readonly enabled: boolean };
  readonly tracing?: {
    readonly path: string;
    readonly provider: string;
    readonly samplingPercent: number;
    readonly endpoint?: string;
  };
  readonly accessLogs?: {
    readonly path: string;
    readonly format: "json" | "text";
    readonly template?: string;
    readonly filter: "all" | "errors";
  };
}
