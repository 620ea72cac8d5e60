/**
 * Errors that Deno and its `node:` modules throw in callbacks of their own, where no caller can
 * catch them. Deno ends the process then; a server that is asked for its version must not cost the
 * command.
 *
 * @module
 */

type Fail = (error: unknown) => void;

const waiting = new Set<Fail>();

/**
 * Calls `fail` with such an error until the returned function is called. Where several wait, the
 * error may be of any of them: none fails, and the one that it belongs to ends with its deadline.
 */
export function onUncaught(fail: Fail): () => void {
  if (waiting.size === 0) {
    addEventListener("error", failOnError);
    addEventListener("unhandledrejection", failOnRejection);
  }
  waiting.add(fail);
  return () => {
    waiting.delete(fail);
    if (waiting.size > 0) return;
    removeEventListener("error", failOnError);
    removeEventListener("unhandledrejection", failOnRejection);
  };
}

/**
 * Keeps the process running after such an error, until it ends. A connection can still fail when
 * its request is over.
 */
export function surviveUncaught(): void {
  addEventListener("error", preventDefault);
  addEventListener("unhandledrejection", preventDefault);
}

function preventDefault(event: Event): void {
  event.preventDefault();
}

function failOnError(event: ErrorEvent): void {
  event.preventDefault();
  failAlone(event.error);
}

function failOnRejection(event: PromiseRejectionEvent): void {
  event.preventDefault();
  failAlone(event.reason);
}

function failAlone(error: unknown): void {
  const [fail, another] = waiting;
  if (another === undefined) fail?.(error);
}
