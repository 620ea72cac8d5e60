/**
 * The warning that a server's version will stay unknown. It is printed once per server and day.
 *
 * @module
 */
export interface LastingUnknown {
  /** A clause that follows a colon. */
  readonly reason: string;
  /** A sentence without its full stop. */
  readonly hint: string;
  /** The configured server, without userinfo; `undefined` if it is not known. */
  readonly server: string | undefined;
}

/** Returns a sentence without its full stop: what is unknown, why, and what helps. */
export function formatLastingNotice({ reason, hint, server }: LastingUnknown): string {
  const subject = server === undefined
    ? "The server cannot be determined"
    : `The version of ${server} stays unknown`;
  return `${subject}: ${reason}. ${hint}`;
}

/** Names the settings that pin a kubectl, for a hint. */
export const HOW_TO_PIN = `the variable KUBERLR_KUBECTL, or Kubectl in kuberlr.conf`;
