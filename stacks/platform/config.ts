import { readBackend } from "../backend";
import { readConfig } from "../config";

/** What differs between the environments of the platform. */
export const readPlatformConfig = () =>
  readConfig(__dirname, (stack) => ({
    /** What the mesh runs on. */
    backend: readBackend(stack),
    /** Image of the identity service. */
    image: stack.text("image", "registry.example/identity:1.0.0"),
  }));
export type PlatformConfig = ReturnType<typeof readPlatformConfig>;
