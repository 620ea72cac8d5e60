/**
 * `kuberlr help`, and `--help` of every command.
 *
 * @module
 */
import type { CommandSpec } from "../cli/command_spec.ts";
import type { Host } from "../ports/host.ts";
import { renderHelp, renderOverview } from "../cli/usage.ts";

export function help(
  command: CommandSpec | undefined,
  { terminal: { stdout } }: Pick<Host, "terminal">,
): number {
  const style = { width: stdout.columns() };
  stdout.write(command === undefined ? renderOverview(style) : renderHelp(command, style));
  return 0;
}
