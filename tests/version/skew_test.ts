import { assertEquals } from "@std/assert";
import { isInWindow, skewWindow } from "../../lib/version/skew.ts";
import { parseVersion } from "../../lib/version/version.ts";

const ROWS: readonly [kubectl: string, server: string, fits: boolean][] = [
  ["1.30.2", "1.30.9", true],
  ["1.31.0", "1.30.9", true],
  ["1.29.14", "1.30.0", true],
  ["1.31.0-rc.1", "1.30.0", true],
  ["1.32.0", "1.30.9", false],
  ["1.28.14", "1.30.0", false],
  ["2.30.0", "1.30.0", false],
  ["1.10.0", "1.9.0", true],
  ["1.0.0", "1.0.0", true],
];
for (const [kubectl, server, fits] of ROWS) {
  Deno.test(`kubectl ${kubectl} ${fits ? "fits" : "does not fit"} a server of ${server}`, () => {
    assertEquals(isInWindow(parseVersion(kubectl)!, skewWindow(parseVersion(server)!)), fits);
  });
}
