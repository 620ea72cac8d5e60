/**
 * Removes what must not stay behind after Ctrl-C: half a download, a credential plugin.
 *
 * While there is such a thing, the signals that end a process remove it first, and then end the
 * process just as they would have. What was ignored stays ignored (`nohup`): a handler would also
 * lose that for kubectl, which inherits it.
 *
 * @module
 */
import { isAnyIgnored } from "./ignored_signals.ts";

/** Called with the signal; what it returns is waited for, up to a second. */
export type CleanUp = (signal: Deno.Signal) => void | Promise<void>;

const cleanUps = new Set<CleanUp>();
let stop: (() => void) | undefined;

/** Call what is returned when the file has gone or has its final name. */
export function removeWhenInterrupted(path: string): () => void {
  return whenInterrupted(() => {
    try {
      Deno.removeSync(path);
    } catch {
      // Not made yet, or gone.
    }
  });
}

/** `cleanUp` must not throw. Call what is returned when there is nothing left to clean up. */
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
      // The listeners are gone, so the signal does what it would have done without us; a shell sees
      // which it was.
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
 * Those that end us. Deno catches some of them as soon as somebody listens to one, so it is all or
 * none: where one is ignored, or may be, what is left behind is left to the next download's sweep.
 */
function signals(): readonly Deno.Signal[] {
  // Ctrl-C and Ctrl-Break.
  if (Deno.build.os === "windows") return ["SIGINT", "SIGBREAK"];
  const names = Object.keys(SIGNALS) as (keyof typeof SIGNALS)[];
  // Where it cannot be told: nohup takes stderr off the terminal, a script's background job has
  // another stdin.
  const mayBeIgnored = isAnyIgnored(Object.values(SIGNALS)) ??
    !(Deno.stdin.isTerminal() && Deno.stderr.isTerminal());
  return mayBeIgnored ? [] : names;
}
