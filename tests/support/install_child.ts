/**
 * Installs one kubectl and prints its path. It is a process of its own, to race with others and to
 * be killed.
 *
 * `deno run -A install_child.ts MIRROR HOME VERSION`
 *
 * @module
 */
import { denoHost } from "../../lib/host/deno_host.ts";
import { localHost } from "../../lib/host/local_host.ts";
import { installKubectl } from "../../lib/kubectls/steps/install_kubectl.ts";
import { parseWanted } from "../../lib/version/wanted.ts";
import { mirrorConfig } from "./install_world.ts";

if (import.meta.main) {
  const [mirror = "", home = "", version = ""] = Deno.args;
  const local = localHost();
  const get = (name: string) =>
    name === "HOME" || name === "USERPROFILE" ? home : local.env.get(name);
  const host = denoHost({ ...local, env: { get } });
  const wanted = parseWanted(version);
  if (wanted === undefined) throw new TypeError(`Nobody can want ${version}`);
  const config = mirrorConfig(mirror);
  const { path } = await installKubectl(wanted, config, {}, host);
  host.terminal.stdout.write(`${path}\n`);
}

/** `launcher` is put in front of it, for example `nohup`. */
export function spawnInstall(
  mirror: string,
  home: string,
  version: string,
  launcher: readonly string[] = [],
): Deno.ChildProcess {
  const script = import.meta.filename!;
  const [command = "", ...args] = [
    ...launcher,
    Deno.execPath(),
    "run",
    "-A",
    "--no-check",
    script,
    mirror,
    home,
    version,
  ];
  return new Deno.Command(command, {
    args,
    // HOME stays, because Deno's own cache is there.
    env: { TMPDIR: `${home}/tmp`, NETRC: `${home}/netrc` },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}
