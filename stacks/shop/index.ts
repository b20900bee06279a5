import { readShopConfig } from "./config";
import { shop } from "./program";

/** Where to call the shop, by service; and what it costs a month. */
export const { services, cost } = shop(readShopConfig());
