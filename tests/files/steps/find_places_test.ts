import { assertEquals, assertThrows } from "@std/assert";
import { HostError, KuberlrError } from "../../../lib/errors.ts";
import { layoutUnder } from "../../../lib/files/layout.ts";
import { inspectPlace, type PlaceFault } from "../../../lib/files/steps/find_places.ts";
import type { Store } from "../../../lib/ports/store.ts";
import { fakeEnv, fakeFiles, LINUX } from "../../support/fake_host.ts";

const ROOM = 1024 * 1024;
const FULL = { path: "/home/me", kind: "unusable", cause: "full" } as const;
const TAKES_NONE = (message: string) => `takes no files: ${message}`;

const FAULTS: readonly {
  readonly name: string;
  readonly freeBytes?: number;
  /** The answer to the try. */
  readonly error?: HostError;
  readonly want: PlaceFault | undefined;
}[] = [
  { name: "room", want: undefined },
  {
    name: "a byte too few",
    freeBytes: ROOM - 1,
    want: { ...FULL, reason: "is on a file system that is full" },
  },
  {
    name: "a quota that is used up",
    error: new HostError("EDQUOT", "/home/me/x", "Disk quota exceeded"),
    want: { ...FULL, reason: TAKES_NONE("Disk quota exceeded") },
  },
  {
    name: "a sandbox that refuses files",
    error: new HostError("EACCES", "/home/me/x", "Permission denied"),
    want: { ...FULL, cause: "refused", reason: TAKES_NONE("Permission denied") },
  },
];

for (const { name, freeBytes = ROOM, error, want } of FAULTS) {
  Deno.test(`inspectPlace() finds ${want?.reason ?? "no fault"} in a home with ${name}`, () => {
    assertEquals(inspect({ freeBytes, error }).fault, want);
  });
}

Deno.test("inspectPlace() names the limit of open files, instead of finding no kubectl", () => {
  const error = new HostError("EMFILE", "/home/me/x", "Too many open files");
  const thrown = assertThrows(() => inspect({ freeBytes: ROOM, error }), KuberlrError);
  assertEquals([thrown.code, thrown.message, thrown.hint], [
    "cannot-write",
    'Cannot write "/home/me": Too many open files',
    "Raise the limit of open files, or open a new shell: ulimit -n 1024",
  ]);
});

function inspect(
  { freeBytes, error }: { readonly freeBytes: number; readonly error: HostError | undefined },
) {
  const volume = { isReadOnly: false, isNoexec: false, freeBytes, freeFiles: Infinity };
  const store: Partial<Store> = {
    volumeOf: () => volume,
    canWrite: () => true,
    tryWriting: () => error,
  };
  return inspectPlace(layoutUnder(LINUX, "/home/me/.kuberlr"), {
    env: fakeEnv(),
    platform: LINUX,
    files: fakeFiles({ "/home": { kind: "directory" }, "/home/me": { kind: "directory" } }),
    store: store as Store,
  });
}
