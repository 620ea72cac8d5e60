import { assertEquals } from "@std/assert";
import { layoutUnder } from "../../../lib/files/layout.ts";
import { inspectPlace } from "../../../lib/files/steps/find_places.ts";
import type { Store } from "../../../lib/ports/store.ts";
import { fakeEnv, fakeFiles, LINUX } from "../../support/fake_host.ts";

const ROOM = 1024 * 1024;
const FULL = {
  kind: "unusable",
  cause: "full",
  reason: "is on a file system that is full",
} as const;

for (
  const { freeBytes, want } of [
    { freeBytes: ROOM, want: undefined },
    { freeBytes: ROOM - 1, want: { path: "/home/me", ...FULL } },
  ]
) {
  Deno.test(`inspectPlace() finds ${want?.reason ?? "no fault"} with ${freeBytes} bytes left`, () => {
    const volume = { isReadOnly: false, isNoexec: false, freeBytes, freeFiles: Infinity };
    const { fault } = inspectPlace(layoutUnder(LINUX, "/home/me/.kuberlr"), {
      env: fakeEnv(),
      platform: LINUX,
      files: fakeFiles({
        "/home": { kind: "directory" },
        "/home/me": { kind: "directory" },
      }),
      store: { volumeOf: () => volume, canWrite: () => true } as Partial<Store> as Store,
    });
    assertEquals(fault, want);
  });
}
