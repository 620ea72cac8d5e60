import { assertEquals } from "@std/assert";
import { layoutUnder } from "../../lib/files/layout.ts";
import { findUnwritable } from "../../lib/commands/inspect_writing.ts";
import { type FakeFile, fakeFiles, LINUX } from "../support/fake_host.ts";

const ROOT = "/home/me/.kuberlr";
const FOLDER: FakeFile = { kind: "directory", executable: true };
const HOME = { "/home": FOLDER, "/home/me": FOLDER };
const WHOLE = {
  ...HOME,
  [ROOT]: FOLDER,
  [`${ROOT}/linux-amd64`]: FOLDER,
  [`${ROOT}/cache`]: FOLDER,
  [`${ROOT}/cache/memo`]: FOLDER,
  [`${ROOT}/cache/servers`]: FOLDER,
};
const FORGETFUL = "nothing is remembered, and every command asks anew";
const ELSEWHERE = "what is downloaded goes to a temporary folder";

for (
  const { name, world = WHOLE, closed, want } of [
    { name: "nothing of what can be written", closed: [], want: [] },
    { name: "nothing of what is still to be made", world: HOME, closed: ["/home"], want: [] },
    {
      name: "a home in which nothing can be made",
      world: HOME,
      closed: ["/home/me"],
      want: [["/home/me", FORGETFUL, ELSEWHERE]],
    },
    {
      name: "nothing of a root whose folders are there already",
      closed: [ROOT],
      want: [],
    },
    {
      name: "the cache",
      closed: [`${ROOT}/cache/memo`, `${ROOT}/cache/servers`],
      want: [[`${ROOT}/cache/memo`, FORGETFUL], [`${ROOT}/cache/servers`, FORGETFUL]],
    },
    {
      name: "the folder of kubectls",
      closed: [`${ROOT}/linux-amd64`],
      want: [[`${ROOT}/linux-amd64`, ELSEWHERE]],
    },
    {
      name: "what cannot even be looked at",
      world: { ...HOME, [ROOT]: FOLDER, [`${ROOT}/linux-amd64`]: { error: "EACCES" } },
      closed: [`${ROOT}/linux-amd64`],
      want: [[`${ROOT}/linux-amd64`, ELSEWHERE]],
    },
  ] as readonly {
    readonly name: string;
    readonly world?: Readonly<Record<string, FakeFile>>;
    readonly closed: readonly string[];
    readonly want: readonly (readonly string[])[];
  }[]
) {
  Deno.test(`findUnwritable() names ${name}`, () => {
    const found = findUnwritable(layoutUnder(LINUX, ROOT), {
      files: fakeFiles(world),
      store: { canWrite: (path: string) => !closed.includes(path) },
    });
    assertEquals(found.map(({ path, consequences }) => [path, ...consequences]), want);
  });
}

Deno.test("findUnwritable() knows what helps", () => {
  const hints = (uid: number | undefined) =>
    findUnwritable(layoutUnder(LINUX, ROOT), {
      files: { ...fakeFiles(HOME), userId: () => uid },
      store: { canWrite: () => false },
    }).map(({ hint }) => hint);
  // The fake folders are 0755 and of user 1000.
  assertEquals(hints(1000), [`Let "${ROOT}" be on a file system that can be written`]);
  assertEquals(hints(1001), [`Give "/home/me" to this user, or let "${ROOT}" be one of its own`]);
  const [nowhere] = findUnwritable(layoutUnder(LINUX, ROOT), {
    files: fakeFiles({ "/home": FOLDER }),
    store: { canWrite: () => false },
  });
  assertEquals(nowhere, {
    path: "/home",
    consequences: [FORGETFUL, ELSEWHERE],
    hint: `Make "/home/me" for this user, or let HOME name a folder of theirs`,
  });
});
