/**
 * Reads the settings that `deno compile` has written into an executable, as JSON after its length.
 *
 * @see https://github.com/denoland/deno/blob/main/cli/lib/standalone/binary.rs
 * @module
 */

export interface Metadata {
  /** `[]` allows everything of a kind, `null` nothing. */
  readonly permissions: Readonly<Record<string, readonly string[] | null | boolean>>;
  readonly argv: readonly string[];
  readonly code_cache_key: number | null;
  readonly ca_stores: readonly string[] | null;
  readonly ca_data: unknown;
  readonly unsafely_ignore_certificate_errors: readonly string[] | null;
  readonly env_vars_from_env_file: Readonly<Record<string, string>>;
  readonly entrypoint_key: string;
  readonly workspace_resolver: { readonly import_map: unknown };
}

/** Returns the settings in an executable. @throws {Error} it has none */
export function readMetadata(executable: Uint8Array): Metadata {
  const at = lastIndexOf(executable, new TextEncoder().encode(`{"argv"`));
  if (at === -1) throw new Error("Cannot read the executable: nothing is embedded in it");
  const { buffer, byteOffset } = executable;
  const length = Number(new DataView(buffer, byteOffset + at - 8, 8).getBigUint64(0, true));
  return JSON.parse(new TextDecoder().decode(executable.subarray(at, at + length)));
}

/** Lists the unexpected settings; each text follows "Cannot compile: ". */
export function findUnexpectedSettings(metadata: Metadata): readonly string[] {
  const { permissions } = metadata;
  const allowed = Object.entries(permissions).filter(([name]) => name.startsWith("allow_"));
  const others = Object.entries(permissions).filter(([name]) => !name.startsWith("allow_"));
  return [
    ...allowed.filter(([, value]) => JSON.stringify(value) !== "[]")
      .map(([name]) => `"${name}" is restricted`),
    ...others.filter(([, value]) => value !== null && value !== false)
      .map(([name]) => `"${name}" is set`),
    ...(permissions["prompt"] === false ? [] : [`"prompt" is not off`]),
    ...(["code_cache_key", "ca_stores", "ca_data", "unsafely_ignore_certificate_errors"] as const)
      .filter((name) => metadata[name] !== null)
      .map((name) => `"${name}" is set`),
    ...(metadata.workspace_resolver.import_map === null ? [] : ["there is an import map"]),
    ...(metadata.argv.length === 0 ? [] : ["there are arguments"]),
    ...(Object.keys(metadata.env_vars_from_env_file).length === 0 ? [] : ["there are variables"]),
    ...(metadata.entrypoint_key === "kuberlr.js" ? [] : [`it starts ${metadata.entrypoint_key}`]),
  ];
}

function lastIndexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let at = bytes.lastIndexOf(wanted[0]!); at !== -1; at = bytes.lastIndexOf(wanted[0]!, at)) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
    if (at === 0) return -1;
    at -= 1;
  }
  return -1;
}
