/**
 * What must not stay behind when somebody presses Ctrl-C: half a download, a credential plugin.
 *
 * While there is such a thing, the signals that end a process remove it first, and then end the process just as
 * they would have. What was ignored stays ignored (`nohup`): a handler would also lose that for kubectl, which inherits
 * it.
 *
 * @module
 */

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
      // Nobody listens any more, so this is what it would have been without us; a shell sees which signal it was.
      if (Deno.build.os === "windows") Deno.exit(130);
      Deno.kill(Deno.pid, signal);
    };
    Deno.addSignalListener(signal, listener);
    return { signal, listener };
  });
  return () => {
    for (const { signal, listener } of listeners) Deno.removeSignalListener(signal, listener);
  };
}

const SIGNALS = { SIGHUP: 1n, SIGINT: 2n, SIGQUIT: 3n, SIGTERM: 15n } as const;

/**
 * Those that end us. Deno catches some of them as soon as somebody listens to one, so it is all or none: where one is
 * ignored, or may be, what is left behind is left to the next download's sweep.
 */
function signals(): readonly Deno.Signal[] {
  if (Deno.build.os === "windows") return ["SIGINT"];
  const names = Object.keys(SIGNALS) as (keyof typeof SIGNALS)[];
  const ignored = ignoredSignals();
  // Where it cannot be told: nohup takes stderr off the terminal, a script's background job has another stdin.
  const isFree = ignored === undefined
    ? Deno.stdin.isTerminal() && Deno.stderr.isTerminal()
    : names.every((name) => ((ignored >> (SIGNALS[name] - 1n)) & 1n) === 0n);
  return isFree ? names : [];
}

function ignoredSignals(): bigint | undefined {
  try {
    const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(Deno.readTextFileSync("/proc/self/status"))?.[1];
    return mask === undefined ? undefined : BigInt(`0x${mask}`);
  } catch {
    return undefined;
  }
}
