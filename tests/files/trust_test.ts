import type { FileStat } from "../../lib/ports/files.ts";
import { assertEquals } from "@std/assert";
import { findFileFault, type PathStats } from "../../lib/files/trust.ts";

const ME = 1000;
const STAT: FileStat = {
  kind: "file",
  dev: 1,
  ino: 1,
  size: 1,
  mtimeMs: 0,
  ctimeMs: 0,
  mode: 0o755,
  uid: ME,
};
const LINK: FileStat = { ...STAT, kind: "link", mode: 0o777 };
const FOLDER = "/home/me/.kuberlr/linux-amd64";

for (
  const { name, stat = {}, link, realPath, realFolder = FOLDER, userId = ME, os = "linux", want }
    of [
      { name: "a file of ours", want: undefined },
      { name: "a file of root's", stat: { uid: 0 }, want: undefined },
      { name: "a stranger's file", stat: { uid: 1001 }, want: "belongs to another user" },
      {
        name: "a stranger's file, to root",
        stat: { uid: 1001 },
        userId: 0,
        want: "belongs to another user",
      },
      { name: "what all can write", stat: { mode: 0o757 }, want: "can be written by every user" },
      { name: "what its group can write", stat: { mode: 0o775 }, want: undefined },
      {
        name: "a folder that all can write, even a sticky one",
        stat: { kind: "directory", mode: 0o1777 },
        want: "can be written by every user",
      },
      {
        name: "a link to its neighbour",
        link: true,
        realPath: `${FOLDER}/kubectl1.30.2`,
        want: undefined,
      },
      {
        name: "a link out of the folder",
        link: true,
        realPath: "/usr/bin/kubectl",
        want: "is a link that leads out of its folder",
      },
      {
        name: "a link to a folder whose name only begins alike",
        link: true,
        realPath: `${FOLDER}-evil/kubectl`,
        want: "is a link that leads out of its folder",
      },
      {
        name: "a link to the folder itself",
        link: true,
        realPath: FOLDER,
        want: "is a link that leads out of its folder",
      },
      {
        name: "a link to somewhere unknown",
        link: true,
        realPath: undefined,
        want: "is a link that leads out of its folder",
      },
      {
        name: "a link inside to a stranger's file",
        link: true,
        realPath: `${FOLDER}/x`,
        stat: { uid: 7 },
        want: "belongs to another user",
      },
      {
        name: "a link in the root folder",
        link: true,
        realPath: "/x",
        realFolder: "/",
        want: undefined,
      },
      {
        name: "anything on a system without users",
        stat: { uid: 1001, mode: 0o777 },
        userId: undefined,
        os: "windows",
        want: undefined,
      },
      {
        name: "a link out of the folder on Windows",
        link: true,
        realPath: "D:\\x",
        realFolder: "C:\\k",
        os: "windows",
        want: "is a link that leads out of its folder",
      },
      {
        name: "a link inside on Windows",
        link: true,
        realPath: "C:\\k\\x",
        realFolder: "C:\\k",
        os: "windows",
        want: undefined,
      },
    ] as readonly {
      readonly name: string;
      readonly stat?: Partial<FileStat>;
      readonly link?: true;
      readonly realPath?: string | undefined;
      readonly realFolder?: string;
      readonly userId?: number | undefined;
      readonly os?: "linux" | "windows";
      readonly want: string | undefined;
    }[]
) {
  Deno.test(`findFileFault() says of ${name} that it ${want ?? "can be trusted"}`, () => {
    const standing: PathStats = {
      stat: { ...STAT, ...stat },
      lstat: link ? LINK : { ...STAT, ...stat },
      realPath,
      realFolder,
    };
    assertEquals(findFileFault(standing, userId, { os, arch: "amd64" }), want);
  });
}

Deno.test("findFileFault() minds what all can write if the user is unknown", () => {
  const stat = { ...STAT, uid: 1001, mode: 0o757 };
  const standing = { stat, lstat: stat, realPath: undefined, realFolder: undefined };
  const linux = { os: "linux", arch: "amd64" } as const;
  assertEquals(findFileFault(standing, undefined, linux), "can be written by every user");
});
