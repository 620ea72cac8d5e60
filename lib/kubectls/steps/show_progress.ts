/**
 * Shows a download on stderr: a moving bar on a terminal, one line elsewhere, and nothing with
 * `Quiet`.
 *
 * @module
 */
import type { Host } from "../../ports/host.ts";
import { renderBar, renderResult } from "../progress.ts";
import { renderNote } from "../../output/report.ts";
import type { Progress } from "../../mirror/steps/fetch_binary.ts";

const REDRAW_MS = 100;
const CLEAR_LINE = "\r\x1b[K";

/** `reasons`: why this release is downloaded; printed when its first bytes have arrived. */
export function showProgress(
  title: string,
  reasons: readonly string[],
  quiet: boolean,
  { terminal: { stderr }, clock }: Pick<Host, "terminal" | "clock">,
): Progress & { end(): void } {
  if (quiet) return { update() {}, end() {} };
  let toSay = reasons;
  const sayReasons = () => {
    for (const reason of toSay) stderr.write(renderNote(reason));
    toSay = [];
  };
  const startedMs = clock.monotonicMs();
  let receivedBytes = 0;
  if (!stderr.isTerminal) {
    let said: string | undefined;
    return {
      update(_received, _total, from) {
        sayReasons();
        if (said !== from) stderr.write(renderNote(`Downloading ${title} from ${from}`));
        said = from;
      },
      end() {},
    };
  }
  let drawnMs = -Infinity;
  let mirror = "";
  return {
    update(received, totalBytes, from) {
      sayReasons();
      receivedBytes = received;
      mirror = from;
      const nowMs = clock.monotonicMs();
      if (nowMs - drawnMs < REDRAW_MS) return;
      drawnMs = nowMs;
      const elapsedMs = nowMs - startedMs;
      const bar = renderBar({ title, receivedBytes, totalBytes, elapsedMs }, stderr.columns());
      stderr.write(CLEAR_LINE + bar);
    },
    end() {
      if (receivedBytes === 0) return;
      const elapsedMs = clock.monotonicMs() - startedMs;
      const result = renderResult({ receivedBytes, totalBytes: undefined, elapsedMs });
      stderr.write(CLEAR_LINE + renderNote(`Downloaded ${title} from ${mirror}: ${result}`));
    },
  };
}
