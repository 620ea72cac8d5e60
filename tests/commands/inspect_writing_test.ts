import { assertEquals } from "@std/assert";
import { layoutUnder } from "../../lib/files/layout.ts";
import type { VolumeFault } from "../../lib/files/steps/find_places.ts";
import { adviseOnVolume } from "../../lib/commands/inspect_writing.ts";
import { fakeEnv, type FakeFile, fakeFiles, LINUX } from "../support/fake_host.ts";

const ROOT = "/home/me/.kuberlr";
const FOLDER: FakeFile = { kind: "directory", executable: true };
/** Folders that belong to user 1000, with mode 0755. */
const WORLD = { "/home": FOLDER, "/home/me": FOLDER, [ROOT]: FOLDER };

for (
  const { name, fault, userId = 1000, variables = {}, world = WORLD, root = ROOT, want } of [
    {
      name: "a folder of the user's on a disk that refuses",
      fault: { path: ROOT, cause: "read-only" },
      want: `Put "${ROOT}" on a writable file system`,
    },
    {
      name: "a folder of root's on a disk that refuses",
      fault: { path: ROOT, cause: "read-only" },
      userId: 1001,
      want: `Put "${ROOT}" on a writable file system`,
    },
    {
      name: "a folder that sudo has made root's",
      fault: { path: `${ROOT}`, cause: "denied" },
      userId: 1001,
      variables: { USER: "anna" },
      want: `Make this user the owner: sudo chown -R anna ${ROOT}`,
    },
    {
      name: "the same without a name of the user",
      fault: { path: ROOT, cause: "denied" },
      userId: 1001,
      want: `Make this user the owner: sudo chown -R 1001 ${ROOT}`,
    },
    {
      name: "a home of another user",
      fault: { path: "/home/me", cause: "denied" },
      userId: 1001,
      want: "Set HOME to a folder of this user",
    },
    {
      name: "a home that is not there",
      fault: { path: "/home", cause: "denied" },
      world: { "/home": FOLDER },
      want: `Make "/home/me" for this user, or set HOME to a folder of this user`,
    },
    {
      name: "a full disk",
      fault: { path: ROOT, cause: "full" },
      want: "Free some space there, or set HOME to a folder elsewhere",
    },
    {
      name: "a sandbox",
      fault: { path: ROOT, cause: "refused" },
      want: "Set HOME to a folder where this user can make files",
    },
    {
      name: "a disk without inodes",
      fault: {
        path: ROOT,
        cause: "no-inodes",
      },
      want: "Remove some files there, or set HOME to a folder elsewhere",
    },
    {
      name: "a disk without programs",
      fault: {
        path: ROOT,
        cause: "noexec",
      },
      want: "Set HOME to a folder where programs can be run",
    },
    {
      name: "a folder whose name a shell would split",
      fault: { path: `${ROOT}/my cache`, cause: "denied" },
      want: `Make it accessible: chmod u+rwx '${ROOT}/my cache'`,
    },
    {
      name: "another user's folder whose name a shell would split",
      root: "/home/my x",
      fault: { path: "/home/my x", cause: "denied" },
      userId: 1001,
      world: { "/home": FOLDER, "/home/my x": FOLDER },
      want: `Make this user the owner: sudo chown -R 1001 '/home/my x'`,
    },
  ] as readonly {
    readonly name: string;
    readonly fault: Pick<VolumeFault, "path" | "cause">;
    readonly root?: string;
    readonly userId?: number;
    readonly variables?: Readonly<Record<string, string>>;
    readonly world?: Readonly<Record<string, FakeFile>>;
    readonly want: string;
  }[]
) {
  Deno.test(`adviseOnVolume() knows what helps with ${name}`, () => {
    const files = { ...fakeFiles(world), userId: () => userId };
    const host = { env: fakeEnv(variables), files };
    assertEquals(adviseOnVolume(fault, layoutUnder(LINUX, root), host), want);
  });
}
