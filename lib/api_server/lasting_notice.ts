/**
 * The line that is said once per server and day where a version will stay unknown.
 *
 * @module
 */
export interface LastingUnknown {
  /** A clause. */
  readonly reason: string;
  /** A sentence without its full stop. */
  readonly hint: string;
  /** The server as it is configured, without userinfo; `undefined` where it is not known. */
  readonly server: string | undefined;
}

/** Returns a sentence without its full stop: what is unknown, why, and what helps. */
export function formatLastingNotice({ reason, hint, server }: LastingUnknown): string {
  const subject = server === undefined
    ? "Which server is meant cannot be told"
    : `The version of ${server} stays unknown`;
  return `${subject}: ${reason}. ${hint}`;
}

/** How a kubectl is pinned, for a hint. */
export const PIN = `the variable KUBERLR_KUBECTL, or Kubectl in kuberlr.conf`;
