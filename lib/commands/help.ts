/**
 * `kuberlr help`, and `--help` of every command.
 *
 * @module
 */
import type { CommandSpec } from "../command_spec.ts";
import type { Host } from "../host.ts";
import { renderHelp, renderOverview } from "../usage.ts";

export function help(
  command: CommandSpec | undefined,
  { terminal: { stdout } }: Pick<Host, "terminal">,
): number {
  const style = { width: stdout.columns() };
  stdout.write(command === undefined ? renderOverview(style) : renderHelp(command, style));
  return 0;
}
