/**
 * What must not stay behind when somebody presses Ctrl-C: half a download, a credential plugin.
 *
 * While there is such a thing, the signals that end a process remove it first, and then end the process just as
 * they would have. What was ignored stays ignored (`nohup`): a handler would also lose that for kubectl, which inherits
 * it.
 *
 * @module
 */

const cleanUps = new Set<() => void>();
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
export function whenInterrupted(cleanUp: () => void): () => void {
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
  const listeners = signals().map((signal) => {
    const listener = () => {
      for (const cleanUp of cleanUps) cleanUp();
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

const NUMBERS: Readonly<Partial<Record<Deno.Signal, bigint>>> = {
  SIGHUP: 1n,
  SIGINT: 2n,
  SIGTERM: 15n,
};

/** Those whose default would end us and that are not ignored, as far as one can tell. */
function signals(): readonly Deno.Signal[] {
  if (Deno.build.os === "windows") return ["SIGINT"];
  const all = Object.keys(NUMBERS) as Deno.Signal[];
  const ignored = Deno.build.os === "linux" ? ignoredSignals() : undefined;
  // Where it cannot be told: nohup ignores SIGHUP, a background job of a script SIGINT.
  if (ignored === undefined) return Deno.stdin.isTerminal() ? ["SIGINT", "SIGTERM"] : ["SIGTERM"];
  return all.filter((signal) => ((ignored >> ((NUMBERS[signal] ?? 1n) - 1n)) & 1n) === 0n);
}

function ignoredSignals(): bigint | undefined {
  try {
    const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(Deno.readTextFileSync("/proc/self/status"))?.[1];
    return mask === undefined ? undefined : BigInt(`0x${mask}`);
  } catch {
    return undefined;
  }
}
