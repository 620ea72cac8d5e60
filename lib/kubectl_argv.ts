/**
 * kubectl's command line, as far as it tells which server is meant and whether one is needed.
 *
 * @module
 */

/** The global flags that choose the server or how it is asked, by kubectl's own names. */
export type GlobalFlag =
  | "as"
  | "as-group"
  | "as-uid"
  | "as-user-extra"
  | "certificate-authority"
  | "client-certificate"
  | "client-key"
  | "cluster"
  | "context"
  | "disable-compression"
  | "insecure-skip-tls-verify"
  | "kubeconfig"
  | "kuberc"
  | "password"
  | "request-timeout"
  | "server"
  | "tls-server-name"
  | "token"
  | "user"
  | "username";

/** Values as typed, the last of each; `"true"` for a bare boolean. A flag that is not given is absent. */
export type GlobalFlags = Readonly<Partial<Record<GlobalFlag, string>>>;

export interface CommandLine {
  /** The longest known command path, aliases replaced by the names they stand for: `["create", "secret", "tls"]`. */
  readonly command: readonly string[];
  /** What is no flag and no value of one, before `--`, the words of the command included. */
  readonly positionals: readonly string[];
  /** What follows `--`. */
  readonly rest: readonly string[];
  readonly globals: GlobalFlags;
  /** Every long flag that was given, the local ones too, with its last value (`""` where it takes none). */
  readonly flags: ReadonlyMap<string, string>;
}

/** Never fails: what kubectl would refuse is read as far as it makes sense. */
export function scanKubectlArgv(_args: readonly string[]): CommandLine {
  throw new Error("to be written");
}
