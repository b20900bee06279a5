import { readBackend } from "../backend";
import { readConfig } from "../config";

/** What differs between the environments of the shop. */
export const readShopConfig = () =>
  readConfig(__dirname, (stack) => ({
    /** What the mesh runs on. */
    backend: readBackend(stack),
    /** Where images come from, where there is a cluster. */
    registry: stack.text("registry", "registry.shop.example"),
    /** Release of every service. */
    release: stack.matching("release", /^\d+\.\d+\.\d+$/, "a release, such as 4.2.0", "4.2.0"),
    /** Replicas of each service. */
    replicas: stack.integer("replicas", { min: 1, max: 50 }, 1),
    /** Share of the catalogue's requests that its next version answers, in percent. */
    canary: stack.integer("canary", { min: 0, max: 100 }, 0),
  }));
export type ShopConfig = ReturnType<typeof readShopConfig>;
