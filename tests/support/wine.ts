/**
 * The gaps of Wine, under which `deno task test:windows` may run.
 *
 * @module
 */

export const WINE = Deno.env.has("KUBERLR_WINE");

/** Registers a test that is ignored under Wine, for the reason `gap`. */
export function testButOnWine(gap: string, name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name: WINE ? `${name} (ignored: ${gap})` : name, ignore: WINE, fn });
}

export const NO_LINKS = "Wine makes no symbolic links";
