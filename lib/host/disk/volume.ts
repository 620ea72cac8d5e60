/**
 * The mount options and free space of a file system, from libc.
 *
 * @module
 */
import type { Platform } from "../../platform.ts";
import type { Volume } from "../../ports/store.ts";
import { encodeBlock } from "../process/libc.ts";
import { withLibc } from "../process/rare_libc.ts";
import { userId } from "./files.ts";
import { parseVolume, volumeCall } from "./volume_answer.ts";

/**
 * Returns the file system that a path is on; `undefined` on Windows, without libc, and for a path
 * that does not exist.
 */
export function volumeOf(path: string, platform: Platform): Volume | undefined {
  const call = volumeCall(platform);
  // C stops reading at a zero byte.
  if (call === undefined || path.includes("\0")) return undefined;
  const answer = new Uint8Array(call.bytes);
  const symbols = {
    ask: { name: call.symbol, parameters: ["buffer", "buffer"], result: "i32" },
  } as const;
  const failed = withLibc(symbols, ({ ask }) => ask(encodeBlock([path]), answer) !== 0);
  return failed === false ? parseVolume(answer, call, userId() === 0) : undefined;
}
