/**
 * Timers that do not fire once they are disposed of. Deno 2.6 still calls a timer that was cleared
 * in the turn in which it was due.
 *
 * @module
 */

/** Calls back once after so many milliseconds. */
export function later(milliseconds: number, callback: () => void): Disposable {
  let isOver = false;
  const timer = setTimeout(() => {
    if (!isOver) callback();
  }, milliseconds);
  return {
    [Symbol.dispose]() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}

/** Calls back over and over, each time after so many milliseconds. */
export function every(milliseconds: number, callback: () => void): Disposable {
  let isOver = false;
  const call = () => {
    callback();
    if (!isOver) timer = later(milliseconds, call);
  };
  let timer = later(milliseconds, call);
  return {
    [Symbol.dispose]() {
      isOver = true;
      timer[Symbol.dispose]();
    },
  };
}
