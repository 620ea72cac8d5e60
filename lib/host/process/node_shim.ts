/**
 * Undoes the changes of the `deno` command to its own environment. If PATH has no `node`, it adds a
 * folder with a `node` that is Deno, and sets `DENO_NODE_SHIM_ACTIVE`. kubectl's plugins must not
 * find it.
 *
 * @module
 */
import { readVariable } from "./libc.ts";

const MARKER = "DENO_NODE_SHIM_ACTIVE";

/**
 * Undoes the changes if the first environment is unknown. A PATH that is not UTF-8 is left alone.
 */
export function removeNodeShim(): void {
  if (readVariable(MARKER) === undefined) return;
  const separator = Deno.build.os === "windows" ? ";" : ":";
  const path = readVariable("PATH");
  const [first = "", ...others] = path?.split(separator) ?? [];
  if (!/[\\/]node_compat_bin$/.test(first) || path?.includes("\uFFFD")) return;
  if (others.length === 0) Deno.env.delete("PATH");
  else Deno.env.set("PATH", others.join(separator));
  Deno.env.delete(MARKER);
}
