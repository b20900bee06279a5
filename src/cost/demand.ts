import type { Model, Service } from "../model/model";
import type { Finding } from "../model/finding";
import type { Component } from "./components";
import type { Place } from "./codes";
import type { Decimal } from "./decimal";
import type { Platform } from "./platform";
import type { Scenarios } from "./scenarios";
import type { ServiceUsage, Usage } from "./usage/usage";

/** One thing that a mesh takes and that a SKU prices. */
export interface Demand {
  /** `mesh`, `service.NAMESPACE/NAME` or `gateway.NAMESPACE/NAME`, as in a usage file. */
  readonly owner: string;
  readonly component: Component;
  readonly name: string;
  readonly sku: string;
  /** Single units a month. Absent: it cannot be known yet, and `missing` says what is. */
  readonly quantity?: Scenarios;
  readonly missing?: string;
  /** It follows from the traffic rather than from the mesh. */
  readonly usageBased: boolean;
  /** Where the user asked for it, if anywhere. */
  readonly place?: Place;
}
/** What is `missing` where a figure was never published or measured, rather than left out of a usage file. */
export const NOT_MEASURED = "a measurement";

export interface ServiceLoad {
  readonly service: Service;
  readonly owner: string;
  readonly usage: ServiceUsage;
  /** Absent: some version's pods exist already and the usage file does not count them. */
  readonly replicas?: Decimal;
  /** Proxies that a request to it passes: its own, and the caller's where a service of the mesh calls it. */
  readonly passes: Decimal;
}
/** All that a backend's bill is made from. */
export interface Context {
  readonly model: Model;
  readonly usage: Usage;
  readonly platform: Platform;
  readonly services: readonly ServiceLoad[];
  /** Where a part of the bill says what it could not do. */
  readonly findings: Finding[];
}
