/**
 * The variables that the launcher hides from kuberlr's own runtime: it renames them, and kubectl
 * gets them under their own names again.
 *
 * @module
 */
import { concatBytes } from "../encoding/bytes.ts";
import { splitBlock, startsWith } from "../encoding/c_strings.ts";

/**
 * The variables that Deno 2.9 or its Node layer reads at its start and that change which code runs,
 * what is printed, or whom it trusts. Those that say where modules and certificates are
 * (`DENO_DIR`, `DENO_CERT`, `NODE_EXTRA_CA_CERTS`) stay.
 */
export const ALWAYS_KEPT: readonly string[] = [
  "NODE_OPTIONS",
  "NODE_CHANNEL_FD",
  "NODE_CHANNEL_SERIALIZATION_MODE",
  "NODE_UNIQUE_ID",
  "NODE_V8_COVERAGE",
  "NODE_DEBUG",
  "NODE_DEBUG_NATIVE",
  "NODE_USE_ENV_PROXY",
  "NODE_TLS_REJECT_UNAUTHORIZED",
  "DENO_V8_FLAGS",
  "DENO_EXTRA_STDIO_FDS",
  "DENO_INTERNAL_CHILD_ENTRYPOINT",
  "DENO_DONT_USE_INTERNAL_NODE_COMPAT_STATE_FD",
  "DENO_COVERAGE_DIR",
  "DENO_CONDITIONS",
  "DENO_COMPAT",
  "DENO_AUTO_SERVE",
  "DENO_SERVE_ADDRESS",
  "DENO_NO_PACKAGE_JSON",
  "DENO_PERMISSION_BROKER_PATH",
  "DENO_TRACE_PERMISSIONS",
  "DENO_AUDIT_PERMISSIONS",
  "DENO_UNSTABLE_CONTROL_SOCK",
  "DENO_UNSTABLE_OTEL_DETERMINISTIC",
  "DENO_LOG",
  "RUST_LOG",
  // Deno would write the session keys of its connections into this file.
  "SSLKEYLOGFILE",
  "OTEL_DENO",
];

/** Deno does not start if this is a relative path; only then is it hidden. */
export const KEPT_IF_RELATIVE = "TMPDIR";

/** Deno does not start if this is a file (`/dev/null`); only then is it hidden. */
export const KEPT_IF_FILE = "HOME";

export const KEPT_VARIABLES = [...ALWAYS_KEPT, KEPT_IF_RELATIVE, KEPT_IF_FILE];

/** Returns the environment (a block) with the hidden variables under their own names again. */
export function restoreKept(environment: Uint8Array): Uint8Array {
  const entries = splitBlock(environment).flatMap((entry) => {
    if (startsWith(entry, `${KEPT_VARIABLE_LIST}=`)) return [];
    const name = KEPT_VARIABLES.find((each) => startsWith(entry, `${KEPT_PREFIX}${each}=`));
    return [name === undefined ? entry : entry.subarray(KEPT_PREFIX.length)];
  });
  return concatBytes(entries);
}

/** The prefix of a hidden variable's name while kuberlr runs. */
export const KEPT_PREFIX = "KUBERLR_KEPT_";

/** The names of the hidden variables, each after a colon; unset if there are none. */
export const KEPT_VARIABLE_LIST = "KUBERLR_KEPT";
