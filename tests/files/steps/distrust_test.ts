import { assertEquals } from "@std/assert";
import { findDistrustBelowRoot, followPath } from "../../../lib/files/steps/distrust.ts";
import { ME, STRANGER, type Tree, treeHost } from "../../support/fake_tree.ts";

/** The owner of `/` in a user namespace. */
const NAMELESS = 65534;

const MINE = { uid: ME };
const HOME = { "/home/me": MINE };
const PATH = "/home/me/.kuberlr";

const FOLLOWED: readonly {
  readonly name: string;
  readonly tree: Tree;
  readonly wanted?: "file";
  /** The path, or the fault. */
  readonly want: string;
}[] = [
  { name: "a folder of the user's", tree: { [PATH]: MINE }, want: PATH },
  { name: "a missing folder", tree: HOME, want: `${PATH}, which is missing` },
  {
    name: "a stranger's folder",
    tree: { [PATH]: { uid: STRANGER } },
    want: `${PATH} belongs to another user`,
  },
  {
    name: "a folder in a stranger's home",
    tree: { "/home/me": { uid: STRANGER }, [PATH]: MINE },
    want: "/home/me belongs to another user",
  },
  {
    name: "a missing folder in a stranger's home",
    tree: { "/home/me": { uid: STRANGER } },
    want: "/home/me belongs to another user",
  },
  {
    name: "a folder in a sticky one",
    tree: { "/home/me": { mode: 0o1777 }, [PATH]: MINE },
    want: PATH,
  },
  {
    name: "a folder in one that all can write",
    tree: { "/home/me": { mode: 0o777 }, [PATH]: MINE },
    want: "/home/me can be written by every user",
  },
  {
    name: "a sticky folder that all can write",
    tree: { [PATH]: { mode: 0o1777 } },
    want: `${PATH} can be written by every user`,
  },
  { name: "a file", tree: { [PATH]: { ...MINE, kind: "file" } }, want: `${PATH} is not a folder` },
  {
    name: "a folder in the place of a file",
    wanted: "file",
    tree: { [PATH]: MINE },
    want: `${PATH} is not a file`,
  },
  {
    name: "a link of the user's to a folder of the user's",
    tree: { [PATH]: { ...MINE, to: "/data/k" }, "/data/k": MINE },
    want: "/data/k",
  },
  {
    name: "a missing folder behind a link",
    tree: { "/home/me": { to: "/data" }, "/data": MINE },
    want: "/data/.kuberlr, which is missing",
  },
  {
    name: "a missing file behind a link",
    wanted: "file",
    tree: { "/home/me": { to: "/data" }, "/data": MINE },
    want: "/data/.kuberlr, which is missing",
  },
  {
    name: "a stranger's link to a folder of the user's",
    tree: { [PATH]: { uid: STRANGER, to: "/data/k" }, "/data/k": MINE },
    want: `${PATH} belongs to another user`,
  },
  {
    name: "a link to a folder in a stranger's",
    tree: { [PATH]: { ...MINE, to: "/data/k" }, "/data": { uid: STRANGER }, "/data/k": MINE },
    want: "/data belongs to another user",
  },
  {
    name: "a link to a folder in one that all can write",
    tree: { [PATH]: { ...MINE, to: "/data/k" }, "/data": { mode: 0o777 }, "/data/k": MINE },
    want: "/data can be written by every user",
  },
  {
    name: "a link to a stranger's folder",
    tree: { [PATH]: { ...MINE, to: "/data/k" }, "/data/k": { uid: STRANGER } },
    want: "/data/k belongs to another user",
  },
  {
    name: "a missing folder behind a link to a stranger's folder",
    tree: { "/home/me": { to: "/data" }, "/data": { uid: STRANGER } },
    want: "/data belongs to another user",
  },
  {
    name: "a link to a file",
    tree: { [PATH]: { ...MINE, to: "/data/k" }, "/data/k": { ...MINE, kind: "file" } },
    want: "/data/k is not a folder",
  },
  {
    name: "a link that leads nowhere",
    tree: { [PATH]: { ...MINE, to: "/data/k" } },
    want: `${PATH} is a link that leads nowhere`,
  },
  {
    name: "a folder below one of the owner of /",
    tree: { "/": { uid: NAMELESS }, "/home": { uid: NAMELESS }, [PATH]: MINE },
    want: PATH,
  },
  {
    name: "a folder of the owner of /",
    tree: { "/": { uid: NAMELESS }, [PATH]: { uid: NAMELESS } },
    want: `${PATH} belongs to another user`,
  },
];

for (const { name, tree, wanted = "directory", want } of FOLLOWED) {
  Deno.test(`followPath() follows ${name}: ${want}`, () => {
    const followed = followPath(PATH, wanted, treeHost(tree));
    const said = followed.kind === "distrusted"
      ? `${followed.path} ${followed.reason}`
      : `${followed.path}${followed.isThere ? "" : ", which is missing"}`;
    assertEquals(said, want);
  });
}

Deno.test("followPath() trusts no path that it cannot look at", () => {
  const followed = followPath("/home/closed/k", "file", treeHost({ "/home/closed": {} }));
  assertEquals(followed, {
    kind: "distrusted",
    path: "/home/closed",
    cause: "closed",
    reason: "cannot be entered: permission denied",
  });
});

const BELOW: readonly (readonly [name: string, tree: Tree, want: string | undefined])[] = [
  ["folders of the user's", { [`${PATH}/cache/memo`]: MINE }, undefined],
  ["missing folders", { [PATH]: MINE }, undefined],
  [
    "a link on the way",
    { [`${PATH}/cache`]: { ...MINE, to: "/data" }, "/data/memo": MINE },
    `${PATH}/cache is a link`,
  ],
  [
    "a link at the end",
    { [`${PATH}/cache/memo`]: { ...MINE, to: "/" } },
    `${PATH}/cache/memo is a link`,
  ],
  ["a file", { [`${PATH}/cache`]: { ...MINE, kind: "file" } }, `${PATH}/cache is not a folder`],
  [
    "a stranger's folder",
    { [`${PATH}/cache`]: { uid: STRANGER } },
    `${PATH}/cache belongs to another user`,
  ],
  [
    "a folder that all can write, even a sticky one",
    { [`${PATH}/cache`]: { ...MINE, mode: 0o1777 }, [`${PATH}/cache/memo`]: MINE },
    `${PATH}/cache can be written by every user`,
  ],
];

for (const [name, tree, want] of BELOW) {
  Deno.test(`findDistrustBelowRoot() says of ${name}: ${want ?? "trusted"}`, () => {
    const fault = findDistrustBelowRoot(`${PATH}/cache/memo`, PATH, treeHost({ ...HOME, ...tree }));
    assertEquals(fault && `${fault.path} ${fault.reason}`, want);
  });
}
