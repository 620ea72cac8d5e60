/**
 * The settings: TOML files and `KUBERLR_*` variables, each value with its origin.
 *
 * @module
 */

export interface Config {
  readonly allowDownload: boolean;
  readonly systemPath: readonly string[];
  readonly timeoutSeconds: number;
  readonly kubeMirrorUrl: readonly string[];
  /** Where checksums are taken from, if not beside the bytes. */
  readonly checksumUrl: string | undefined;
  readonly verifySignature: "off" | "warn" | "require";
  readonly useLatestIfNoCompatible: boolean;
  readonly versionTtlSeconds: number;
  readonly unreachableTtlSeconds: number;
  readonly handOff: "exec" | "spawn";
  readonly verbosity: number;
  readonly quiet: boolean;
  readonly color: "auto" | "always" | "never";
  /** In the order of the files, the later ones first: the first whose glob fits counts. */
  readonly pins: readonly Pin[];
}

export interface Pin {
  /** A context name, `*` standing for any characters; `undefined`: whatever the context (`KUBERLR_KUBECTL`). */
  readonly context: string | undefined;
  /** A version, a minor or a path. */
  readonly kubectl: string;
  /** The file or variable that says so. */
  readonly origin: string;
}

/** One row of `kuberlr config`. */
export interface Setting {
  readonly key: string;
  readonly value: unknown;
  /** `default`, a file's path or a variable's name. */
  readonly origin: string;
}
