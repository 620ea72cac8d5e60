/**
 * The waits that code asks the runtime for, so that a test need not measure them.
 *
 * @module
 */

export interface Timers extends Disposable {
  /** In milliseconds and in order. */
  readonly waits: readonly number[];
  /** What the runtime would call after each of them. */
  readonly callbacks: readonly (() => void)[];
}

/** Notes down every `setTimeout` until it is disposed of, which clears what still waits. */
export function recordTimers(): Timers {
  const { setTimeout } = globalThis;
  const waits: number[] = [];
  const callbacks: (() => void)[] = [];
  const timers: ReturnType<typeof setTimeout>[] = [];
  globalThis.setTimeout = ((callback: () => void, milliseconds = 0) => {
    waits.push(milliseconds);
    callbacks.push(callback);
    const timer = setTimeout(callback, milliseconds);
    timers.push(timer);
    return timer;
  }) as typeof setTimeout;
  return {
    waits,
    callbacks,
    [Symbol.dispose]() {
      globalThis.setTimeout = setTimeout;
      timers.forEach((timer) => clearTimeout(timer));
    },
  };
}

/**
 * JavaScript for the start of a program: every wait is a line of this file, one that blocks with
 * `!` before it.
 */
export function noteWaits(path: string): string {
  return `{
    const note = (line) =>
      Deno.writeTextFileSync(${JSON.stringify(path)}, line + "\\n", { append: true });
    const { setTimeout } = globalThis;
    globalThis.setTimeout = (callback, milliseconds) => {
      note(milliseconds);
      return setTimeout(callback, milliseconds);
    };
    const { wait } = Atomics;
    Atomics.wait = (array, index, value, milliseconds) => {
      note("!" + milliseconds);
      return wait(array, index, value, milliseconds);
    };
  }`;
}
