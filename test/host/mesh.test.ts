import { meshSuite } from "./suite";

jest.setTimeout(60_000);
meshSuite("bundled");
