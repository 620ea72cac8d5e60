/**
 * Says who is waited for, if a wait takes long.
 *
 * @module
 */
import type { Host } from "../../ports/host.ts";
import { LONG_WAIT_MS, renderNote } from "../report.ts";

/**
 * Returns a function that asks `whom` and waits for the answer. Once all its waits together have
 * taken {@linkcode LONG_WAIT_MS}, it says who is waited for, unless it is to be `quiet`.
 */
export function startWait(
  whom: string,
  quiet: boolean,
  { clock, terminal }: Pick<Host, "clock" | "terminal">,
): <T>(ask: () => Promise<T>) => Promise<T> {
  let isTold = quiet;
  let leftMs = LONG_WAIT_MS;
  return async (ask) => {
    const startMs = clock.monotonicMs();
    using _note = clock.later(leftMs, () => {
      if (!isTold) terminal.stderr.write(renderNote(`Waiting for ${whom}`));
      isTold = true;
    });
    try {
      return await ask();
    } finally {
      leftMs = Math.max(0, leftMs - (clock.monotonicMs() - startMs));
    }
  };
}
