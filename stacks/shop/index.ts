import { readShopConfig } from "./config";
import { shop } from "./program";

/** Where to call the shop, by service. */
export const { services } = shop(readShopConfig());
