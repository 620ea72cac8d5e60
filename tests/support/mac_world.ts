/**
 * A world as macOS has it, on Linux: the `stat` of BSD, the time from `date`, and no `/proc`.
 *
 * @module
 */
import type { Host } from "../../lib/ports/host.ts";
import { STAT_FORMATS } from "../../lib/launcher/stat_format.ts";
import type { MemoWorld } from "./memo_world.ts";

/** BSD's stat, made of GNU's. It knows only the format that launchers ask for. */
const STAT = `#!/bin/sh
[ "$1 $2 $3 $4" = '${STAT_FORMATS.bsd3.args.join(" ")}' ] || { echo 'usage: stat' >&2; exit 1; }
shift 4
status=0
lines=$(/usr/bin/stat -L -c '%u %f %s %.9Y %.9Z %d %i' -- "$@") || status=1
while read -r user mode rest; do
  printf '%s %o %s\\n' "$user" "0x$mode" "$rest"
done <<end
$lines
end
exit $status
`;

/** The same world on macOS, with the paths of its `stat` and `date`. */
export function onMac(
  world: MemoWorld,
): { readonly mac: MemoWorld; readonly stat: string; readonly date: string } {
  const { root, host, args, env, cwd } = world;
  const stat = `${root}/stat`;
  const date = `${root}/date`;
  Deno.writeTextFileSync(stat, STAT, { mode: 0o755 });
  const run: Host["processes"]["run"] = (request) =>
    host.processes.run({
      ...request,
      command: request.command === "/usr/bin/stat" ? stat : request.command,
    });
  const mac: MemoWorld = {
    root,
    args,
    env,
    cwd,
    host: { ...host, processes: { ...host.processes, run } },
    change: (change) => world.change(change),
    proc() {
      const seconds = Math.floor(host.clock.nowMs() / 1000);
      Deno.writeTextFileSync(date, `#!/bin/sh\necho ${seconds}\n`, { mode: 0o755 });
      return `${root}/proc`;
    },
    [Symbol.dispose]: () => world[Symbol.dispose](),
  };
  return { mac, stat, date };
}
