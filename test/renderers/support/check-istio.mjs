// Reads a JSON array of manifests, checks those of Istio against its v1 schemas, and prints what is wrong with each.
import * as networking from "@kubernetes-models/istio/networking.istio.io/v1";
import * as security from "@kubernetes-models/istio/security.istio.io/v1";
import * as telemetry from "@kubernetes-models/istio/telemetry.istio.io/v1";

const groups = {
  "networking.istio.io/v1": networking,
  "security.istio.io/v1": security,
  "telemetry.istio.io/v1": telemetry,
};
let text = "";
for await (const chunk of process.stdin) text += chunk;
const wrong = [];
let checked = 0;
for (const { apiVersion, kind, ...data } of JSON.parse(text)) {
  if (!apiVersion.includes(".istio.io/")) continue;
  const Model = groups[apiVersion]?.[kind];
  const name = `${kind} ${data.metadata.namespace}/${data.metadata.name}`;
  if (Model === undefined) {
    wrong.push(`${name}: no schema for ${apiVersion} ${kind}`);
    continue;
  }
  checked += 1;
  try {
    new Model(data).validate();
  } catch (error) {
    wrong.push(`${name}: ${error.message}`);
  }
}
process.stdout.write(JSON.stringify({ checked, wrong }));
