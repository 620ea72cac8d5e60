/**
 * Cleans up after Ctrl-C: removes half a download, ends a credential plugin.
 *
 * While there is something to clean up, the signals that end a process clean up first, and then end
 * the process as usual. An ignored signal stays ignored (`nohup`): a handler would take that from
 * kubectl, too, which inherits it.
 *
 * @module
 */
import { isAnyIgnored } from "./ignored_signals.ts";

/** Called with the signal; the returned promise is awaited for up to a second. */
export type CleanUp = (signal: Deno.Signal) => void | Promise<void>;

const cleanUps = new Set<CleanUp>();
let stop: (() => void) | undefined;

/** Returns a function to call when the file is gone or has its final name. */
export function removeWhenInterrupted(path: string): () => void {
  return whenInterrupted(() => {
    try {
      Deno.removeSync(path);
    } catch {
      // The file does not exist yet, or is gone.
    }
  });
}

/** Returns a function to call when there is nothing left to clean up. `cleanUp` must not throw. */
export function whenInterrupted(cleanUp: CleanUp): () => void {
  cleanUps.add(cleanUp);
  stop ??= listen();
  return () => {
    cleanUps.delete(cleanUp);
    if (cleanUps.size > 0) return;
    stop?.();
    stop = undefined;
  };
}

function listen(): () => void {
  let isEnding = false;
  const listeners = signals().map((signal) => {
    const listener = async () => {
      const pending = isEnding ? [] : [...cleanUps].map((cleanUp) => cleanUp(signal));
      isEnding = true;
      if (pending.some((result) => result !== undefined)) await Promise.all(pending);
      stop?.();
      // The listeners are removed, so the signal has its usual effect, and a shell sees which
      // signal it was.
      if (Deno.build.os === "windows") Deno.exit(130);
      Deno.kill(Deno.pid, signal);
      // Another thread lets it end this process, which must not go on meanwhile.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, DEATH_MS);
      Deno.exit(128 + SIGNALS[signal as keyof typeof SIGNALS]);
    };
    Deno.addSignalListener(signal, listener);
    return { signal, listener };
  });
  return () => {
    for (const { signal, listener } of listeners) Deno.removeSignalListener(signal, listener);
  };
}

/** Long enough for a signal to arrive; one that was blocked from the start never does. */
const DEATH_MS = 500;
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 } as const;

/**
 * The signals that end this process. Deno takes over several of them with the first listener. So if
 * one of them is ignored, or may be, none is handled, and the next download cleans up.
 */
function signals(): readonly Deno.Signal[] {
  // Ctrl-C and Ctrl-Break.
  if (Deno.build.os === "windows") return ["SIGINT", "SIGBREAK"];
  const names = Object.keys(SIGNALS) as (keyof typeof SIGNALS)[];
  // The system does not report ignored signals. But nohup takes stderr off the terminal, and a
  // background job of a script has another stdin.
  const mayBeIgnored = isAnyIgnored(Object.values(SIGNALS)) ??
    !(Deno.stdin.isTerminal() && Deno.stderr.isTerminal());
  return mayBeIgnored ? [] : names;
}
