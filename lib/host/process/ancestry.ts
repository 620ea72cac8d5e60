/**
 * Names the ancestors of this process, as far as the system tells: on Linux, from /proc. A name
 * consists of the machine's boot, the namespace of process numbers, the number, and the moment of
 * the start, so that no name is used twice.
 *
 * @module
 */

let known: readonly string[] | undefined | "not asked" = "not asked";

/**
 * Returns `BOOT/NAMESPACE/NUMBER:START` of this process and of its ancestors, the youngest first;
 * `undefined` if a part of the chain is hidden. The answer is kept, so an ancestor that dies later
 * stays in it.
 */
export function findAncestry(): readonly string[] | undefined {
  if (known === "not asked") known = Deno.build.os === "linux" ? readAncestry() : undefined;
  return known;
}

function readAncestry(): readonly string[] | undefined {
  try {
    const boot = Deno.readTextFileSync("/proc/sys/kernel/random/boot_id").trim();
    const namespace = Deno.readLinkSync("/proc/self/ns/pid");
    const names: string[] = [];
    for (let pid = String(Deno.pid); pid !== "0";) {
      // The name of the program is in parentheses, and may contain parentheses.
      const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const [, parent = "0"] = fields;
      names.push(`${boot}/${namespace}/${pid}:${fields[19]}`);
      pid = parent;
    }
    return names;
  } catch {
    return undefined;
  }
}
