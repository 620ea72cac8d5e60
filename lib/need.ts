/**
 * What a command needs of a server, its surroundings included.
 *
 * @module
 */
import type { Env } from "./host.ts";
import type { CommandLine } from "./kubectl_argv.ts";
import { findNeed as findNeedOfLine } from "./local_commands.ts";
import type { Need } from "./resolver.ts";

/**
 * client-go sets the first for every credential plugin, kuberlr the second for those that it runs itself. A plugin
 * that calls kubectl is asked on behalf of a command that waits for it: asking the server again would recurse.
 */
const PLUGIN_MARKERS = ["KUBERNETES_EXEC_INFO", "KUBERLR_RESOLVING_VERSION"];

export function findNeed(line: CommandLine, env: Env): Need {
  const need = findNeedOfLine(line);
  if (need.kind !== "server") return need;
  const marker = PLUGIN_MARKERS.find((name) => env.get(name));
  if (marker === undefined) return need;
  return { kind: "local", reason: `called by a credential plugin (${marker} is set)` };
}
