/**
 * Runs a credential plugin as client-go does.
 *
 * @module
 */
import type { ExecPlugin } from "../../connection/credentials.ts";
import { decodeUtf8 } from "../../encoding/utf8.ts";
import { lookPath } from "../../files/steps/look_path.ts";
import { RESOLVING_VARIABLE } from "../../kubectl/need.ts";
import { renderNote } from "../../output/report.ts";
import type { Host } from "../../ports/host.ts";
import { formatExecInfo, parseExecCredential } from "../exec_credential.ts";
import type { RequestCredentials } from "../request_headers.ts";

const MAX_PLUGIN_OUTPUT_BYTES = 1024 * 1024;

/**
 * Runs the plugin and returns its credentials, or the reason why there are none. After a second the
 * user is told what is waited for, except with `quiet`, and the plugin's stderr is passed on.
 */
export async function runPlugin(
  plugin: ExecPlugin,
  { quiet }: { readonly quiet: boolean },
  host: Pick<Host, "env" | "files" | "platform" | "processes" | "terminal">,
): Promise<RequestCredentials | { readonly reason: string }> {
  // client-go, too, searches the PATH of this process, not that of the plugin's environment.
  const command = lookPath(plugin.command, host);
  if (command === undefined) {
    return { reason: `its credential plugin failed: there is no executable "${plugin.command}"` };
  }
  const { processes, terminal } = host;
  let isFirst = true;
  const result = await processes.run({
    command,
    args: plugin.args,
    env: {
      ...Object.fromEntries(plugin.env.map(({ name, value }) => [name, value])),
      KUBERNETES_EXEC_INFO: formatExecInfo(plugin),
      // If the plugin calls kubectl, kuberlr must not ask the server for its version again.
      [RESOLVING_VARIABLE]: "1",
    },
    maxOutputBytes: MAX_PLUGIN_OUTPUT_BYTES,
    stderr: {
      afterMs: SHOW_STDERR_AFTER_MS,
      show(text) {
        if (isFirst && !quiet) {
          const name = plugin.command.replace(/^.*[\\/]/, "");
          terminal.stderr.write(renderNote(`Waiting for the credential plugin "${name}"`));
        }
        isFirst = false;
        if (text !== "") terminal.stderr.write(text);
      },
    },
  });
  if (result.kind === "failed") {
    return { reason: `its credential plugin failed: ${result.message}` };
  }
  if (result.status !== 0) {
    return { reason: `its credential plugin failed with exit status ${result.status}` };
  }
  const { parseDocument } = await import("../../kubeconfig/text.ts");
  const credential = parseExecCredential(
    decodeUtf8(result.stdout),
    plugin.apiVersion,
    parseDocument,
  );
  return credential.kind === "credential"
    ? credential
    : { reason: `its credential plugin failed: ${credential.reason}` };
}

/** The output of a faster plugin is not shown: kubectl runs the plugin again and shows it. */
const SHOW_STDERR_AFTER_MS = 1_000;
