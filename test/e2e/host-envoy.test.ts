import { meshSuite } from "../host/suite";
import { describePart, part } from "./support/parts";

describePart("Envoy as the engine of a mesh on this host", ["envoy"], () => {
  process.env.MESHUP_ENVOY = part("envoy");
  meshSuite("envoy");
});
