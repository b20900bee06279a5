import { createRequire } from "node:module";

/** A stand-in for the launcher of policy packs that comes with Pulumi's command: it does what that one does. */
createRequire(`${process.cwd()}/package.json`)("@pulumi/pulumi/cmd/run-policy-pack");
