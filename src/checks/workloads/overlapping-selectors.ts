import type { Check } from "../check";
import { type Labels, sameRef, type Service } from "../../model/model";
import { LabelIndex } from "../../model/label-index";
import { selects } from "../../model/lookup";

export const overlappingSelectors: Check = {
  code: "MESH1114",
  name: "overlapping-selectors",
  area: "workloads",
  level: "error",
  title: "A service selects another service's pods",
  why: "Pods that two services select get the traffic of both, and meshes take the ports of one of them: requests go astray, protocols are mixed up.",
  remedy: "Give each service a label of its own.",
  relatives: { istio: ["IST0116"] },
  *run({ services, lookup }) {
    const pods = new LabelIndex<{ readonly service: Service; readonly labels: Labels }>();
    for (const service of services)
      for (const labels of lookup.labelSets(service)) pods.addAll(service.namespace, labels, { service, labels });
    for (const service of services) {
      const candidates = pods.candidates(service.namespace, service.labels);
      const other = candidates.find((o) => !sameRef(o.service, service) && selects(service.labels, o.labels));
      if (other)
        yield {
          path: `${service.path}.labels`,
          message: `The labels of ${service.name} select the pods of ${other.service.name} too`,
        };
    }
  },
  example: {
    wrong: `
services:
  - { name: cart, labels: { app: shop }, ports: [{ port: 80 }] }
  - { name: web, labels: { app: shop, tier: front }, ports: [{ port: 80 }] }
`,
    right: `
services:
  - { name: cart, labels: { app: cart }, ports: [{ port: 80 }] }
  - { name: web, labels: { app: web, tier: front }, ports: [{ port: 80 }] }
`,
  },
};
