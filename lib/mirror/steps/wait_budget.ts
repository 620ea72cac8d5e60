/**
 * How long a command may wait for mirrors in all, and when it says which mirror it waits for.
 *
 * @module
 */
import type { Host } from "../../ports/host.ts";
import { LONG_WAIT_MS, renderNote } from "../../output/report.ts";

export interface WaitBudget {
  /** Returns the milliseconds that are left; `Infinity` if each request has only its own limit. */
  leftMs(): number;
  /** The milliseconds at the start. */
  readonly limitMs: number;
  /** The reason why a mirror is not asked once no time is left. */
  readonly exhaustedReason: string;
  spend(milliseconds: number): void;
  /**
   * Returns how many milliseconds after a request's start {@linkcode announce} is due; `undefined`
   * if it was called before.
   */
  tellAfterMs(requestStartedMs: number): number | undefined;
  /** Says which mirror is waited for, once. */
  announce(whom: string): void;
  /** To be called when the progress of a download is shown, which names the mirror. */
  markAnnounced(): void;
  say(note: string): void;
}

/** `limitMs`: `Infinity` for none. */
export function startWaitBudget(
  { limitMs, quiet }: { readonly limitMs: number; readonly quiet: boolean },
  { terminal: { stderr } }: Pick<Host, "terminal">,
): WaitBudget {
  let left = limitMs;
  let firstMs: number | undefined;
  let told = quiet;
  // This erases a progress bar on the line; the next bar is drawn below.
  const say = (note: string) => {
    if (!quiet) stderr.write((stderr.isTerminal ? "\r\x1b[K" : "") + renderNote(note));
  };
  return {
    leftMs: () => left,
    limitMs,
    exhaustedReason: `not asked: this command waits at most ${limitMs / 1000} seconds for mirrors`,
    spend: (milliseconds) => {
      left -= milliseconds;
    },
    tellAfterMs(requestStartedMs) {
      firstMs ??= requestStartedMs;
      return told ? undefined : Math.max(0, firstMs + LONG_WAIT_MS - requestStartedMs);
    },
    announce(whom) {
      if (!told) say(`Waiting for ${whom}`);
      told = true;
    },
    markAnnounced: () => {
      told = true;
    },
    say,
  };
}
