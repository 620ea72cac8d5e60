/**
 * Every kind of file that kuberlr reads. Each reading names its kind, and the compiler refuses a
 * kind that is not listed here. docs/security.md shows the list. The program uses only the types.
 *
 * @module
 */

export interface Reading {
  readonly what: string;
  readonly where: string;
  /** The condition under which the file is used. */
  readonly used: string;
}

const OWN =
  "a regular file of this user or root that its group and others cannot write, in a folder that passes the check";
const NAMED = "always, of any owner: kubectl reads the same file and obeys it";
const ASKED = "always: the command line names it";

/** Files that kuberlr has written itself, read by `readOwnText`. */
export const OWN_READINGS = {
  "memo": { what: "memos of resolved commands", where: "`cache/memo`", used: OWN },
  "shortcut": {
    what: "shortcuts of the launcher",
    where: "`cache/memo`",
    used: `${OWN}; the launcher's shell checks the same`,
  },
  "server-record": { what: "versions of servers", where: "`cache/servers`", used: OWN },
  "lock-holder": { what: "who is asking a server", where: "`cache/locks/servers`", used: OWN },
  "mirror-notes": { what: "mirrors that were down", where: "`cache/mirrors.json`", used: OWN },
  "receipt": { what: "receipts of kubectls", where: "`cache/receipts`", used: OWN },
  "signature-bundle": { what: "signatures of kubectls", where: "`cache/receipts`", used: OWN },
} as const satisfies Readonly<Record<string, Reading>>;

/** All other files, read by `readRegularText` and `readRegularBytes`. */
export const REGULAR_READINGS = {
  "configuration": {
    what: "configuration",
    where: "`/usr/etc/kuberlr.conf`, `/etc/kuberlr.conf`, `~/.kuberlr/kuberlr.conf`",
    used: "it passes the check; else it is ignored, with a warning. " +
      "The file that `KUBERLR_CFG` names always counts, with a warning if others can write it",
  },
  "netrc": {
    what: "passwords of mirrors",
    where: "`~/.netrc`, or the file that `NETRC` names",
    used: "it passes the check; else its passwords are not used, with a warning. " +
      "The file that `NETRC` names always counts, with a warning if others can write it",
  },
  "kubeconfig": {
    what: "kubeconfigs",
    where: "`--kubeconfig`, `KUBECONFIG`, `~/.kube/config`",
    used: NAMED,
  },
  "kuberc": { what: "kuberc", where: "`--kuberc`, `KUBERC`, `~/.kube/kuberc`", used: NAMED },
  "credential": {
    what: "certificates, keys, tokens",
    where: "paths in a kubeconfig and in flags; in a pod, those of its service account",
    used: NAMED,
  },
  "kubectl": {
    what: "kubectls, to verify a signature",
    where: "`~/.kuberlr/GOOS-GOARCH`",
    used: "it passes the check",
  },
  "launcher": {
    what: "scripts named `kubectl` or `kuberlr`, to tell whether kuberlr has made them",
    where: "`PATH`, the folder of `kuberlr link`",
    used: "always: it is searched for a mark, and not run",
  },
  "version-lock": { what: "lock files", where: "`kuberlr get --lock FILE`", used: ASKED },
  "kernel": {
    what: "the kernel's facts about this boot",
    where: "`/proc`",
    used: "always: the kernel writes it",
  },
} as const satisfies Readonly<Record<string, Reading>>;

/** Readings by other functions, listed by the file that reads. */
export const OTHER_READINGS = {
  "commands/read_versions.ts": {
    what: "lists of versions",
    where: "`kuberlr get --from FILE`, which may be a pipe",
    used: ASKED,
  },
  "host/net/system_roots.ts": {
    what: "authorities of the system",
    where: "`/etc/ssl`, `/etc/pki`, `SSL_CERT_FILE`, `SSL_CERT_DIR`",
    used: "always: kubectl trusts the same files",
  },
  "host/net/download_client.ts": {
    what: "authorities for mirrors",
    where: "`DENO_CERT`, `NODE_EXTRA_CA_CERTS`",
    used: "always: Deno and Node trust the same files",
  },
  "host/net/download_file.ts": {
    what: "files of a mirror in a folder",
    where: '`KubeMirrorUrl = "file:///…"`',
    used:
      "a regular file; verified like a download. If the checksum is from there, and every user " +
      "can write it or a folder above, that is said",
  },
  "kubectls/steps/verify_installed.ts": {
    what: "kubectls, to compare their hash",
    where: "`~/.kuberlr/GOOS-GOARCH`",
    used: "its folder passes the check",
  },
  "commands/open_lock.ts": {
    what: "kubectls, to compare their hash with a lock file's",
    where: "where `kuberlr get` has put them or found them",
    used: "always: the hash decides",
  },
} as const satisfies Readonly<Record<string, Reading>>;

export type OwnReading = keyof typeof OWN_READINGS;
export type RegularReading = keyof typeof REGULAR_READINGS;
