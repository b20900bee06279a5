import { accessSync, constants, existsSync, statSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import type { Finding } from "../model/finding";
import { keyOf, type HostWorkload, type Model, type Service, type Version } from "../model/model";
import { finding } from "./problem";

/** Where commands run: the nearest directory above with a package.json, so that paths are the project's; else `base`. */
export function projectDirectory(base: string): string {
  for (let at = resolve(base); ; at = dirname(at)) {
    if (existsSync(join(at, "package.json"))) return at;
    if (dirname(at) === at) return resolve(base);
  }
}

/** The directory of a workload's process: `host.cwd` from the mesh file's directory, else the project's. */
export const workingDirectory = (host: HostWorkload, base: string): string =>
  host.cwd === undefined ? projectDirectory(base) : resolve(base, host.cwd);

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The file that a command's first word names, as a shell would find it. */
export function findExecutable(name: string, cwd: string, path = process.env.PATH ?? ""): string | undefined {
  if (name.includes("/")) {
    const file = isAbsolute(name) ? name : resolve(cwd, name);
    return executable(file) ? file : undefined;
  }
  return path
    .split(delimiter)
    .map((directory) => join(directory === "" ? cwd : directory, name))
    .find(executable);
}

function check(service: Service, version: Version, base: string): Finding | undefined {
  const workload = version.workload;
  if (workload?.host === undefined)
    return finding(
      "MESH3001",
      workload === undefined ? version.path : `${workload.path}.host`,
      `version ${version.name} of ${keyOf(service)} does not say what to start on this host`,
      "Add workload.host.command: [program, argument, …].",
    );
  const cwd = workingDirectory(workload.host, base);
  const at = `${workload.path}.host`;
  if (!existsSync(cwd) || !statSync(cwd).isDirectory())
    return finding("MESH3003", `${at}.cwd`, `${cwd} is no directory`, "Create it, or correct host.cwd.");
  const [name = ""] = workload.host.command;
  if (findExecutable(name, cwd, workload.host.env.PATH) === undefined)
    return finding(
      "MESH3002",
      `${at}.command`,
      `"${name}" is no program on PATH or in ${cwd}`,
      "Install it, or write its path.",
    );
  return undefined;
}

/** What is wrong with the commands of a mesh, all of it, before any is started. */
export const commandFindings = (model: Model, base: string): Finding[] =>
  model.services.flatMap((service) => service.versions.flatMap((version) => check(service, version, base) ?? []));
