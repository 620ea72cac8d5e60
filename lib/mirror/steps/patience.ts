/**
 * How long a command waits for mirrors in all, and when it says for whom it waits.
 *
 * @module
 */
import type { Host } from "../../ports/host.ts";
import { renderNote } from "../../output/report.ts";

export interface Patience {
  /**
   * Milliseconds that may still be spent on waiting; `Infinity` where each request has its own
   * limit only.
   */
  leftMs(): number;
  /** The limit that it started with. */
  readonly limitMs: number;
  readonly whyOver: string;
  spend(milliseconds: number): void;
  /** How long after a request's start {@linkcode tell} is due; `undefined`: it has been said. */
  tellAfterMs(requestStartedMs: number): number | undefined;
  /** Says once who is waited for. */
  tell(whom: string): void;
  /** Something else is on stderr that says who is waited for. */
  noteTold(): void;
  say(note: string): void;
}

/** A longer wait is explained. */
const TELL_AFTER_MS = 2_000;

/** `limitMs`: `Infinity` for none. */
export function startPatience(
  { limitMs, quiet }: { readonly limitMs: number; readonly quiet: boolean },
  { terminal: { stderr } }: Pick<Host, "terminal">,
): Patience {
  let left = limitMs;
  let firstMs: number | undefined;
  let told = quiet;
  // A bar may stand on the line; the next one is drawn below.
  const say = (note: string) => {
    if (!quiet) stderr.write((stderr.isTerminal ? "\r\x1b[K" : "") + renderNote(note));
  };
  return {
    leftMs: () => left,
    limitMs,
    whyOver: `not asked: this command waits ${limitMs / 1000} seconds for mirrors at most`,
    spend: (milliseconds) => {
      left -= milliseconds;
    },
    tellAfterMs(requestStartedMs) {
      firstMs ??= requestStartedMs;
      return told ? undefined : Math.max(0, firstMs + TELL_AFTER_MS - requestStartedMs);
    },
    tell(whom) {
      if (!told) say(`Waiting for ${whom}`);
      told = true;
    },
    noteTold: () => {
      told = true;
    },
    say,
  };
}
