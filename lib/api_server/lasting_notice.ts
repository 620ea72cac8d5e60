/**
 * The line that is said once per server and day where a version will stay unknown.
 *
 * @module
 */
import type { LastingCause } from "./version_answer.ts";

export interface LastingUnknown {
  /** `pipe`: the kubeconfig can be read only once. */
  readonly cause: LastingCause | "pipe";
  /** A clause. */
  readonly reason: string;
  /** The server as it is configured, without userinfo; `undefined` where it is not known. */
  readonly server: string | undefined;
}

/** Returns a sentence without its full stop: what is unknown, why, and what helps. */
export function formatLastingNotice({ cause, reason, server }: LastingUnknown): string {
  const subject = server === undefined
    ? "Which server is meant cannot be told"
    : `The version of ${server} stays unknown`;
  return `${subject}: ${reason}. ${HELP[cause]}`;
}

const PIN = `the variable KUBERLR_KUBECTL, or Kubectl in kuberlr.conf`;

const HELP: Readonly<Record<LastingUnknown["cause"], string>> = {
  "tls-extension":
    `Add the certificate that has issued the server's to its authority, or pin the kubectl (${PIN})`,
  "tls-authority": `Add the server's own certificate to its authority, or pin the kubectl (${PIN})`,
  "handshake-refused": `Pin the kubectl (${PIN})`,
  "plugin": `Mend the plugin, or pin the kubectl (${PIN})`,
  "pipe": `Pin the kubectl (${PIN})`,
};
