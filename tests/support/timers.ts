/**
 * Records the waits that code requests from the runtime, so that a test need not measure them.
 *
 * @module
 */

export interface Timers extends Disposable {
  /** The waits in milliseconds, in order. */
  readonly waits: readonly number[];
  /** The functions that the runtime would call after each of them. */
  readonly callbacks: readonly (() => void)[];
}

/** Records every `setTimeout` until it is disposed of, which clears the timers that still wait. */
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
 * JavaScript for the start of a program: it writes a line to this file for every wait, with `!`
 * before one that blocks.
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
