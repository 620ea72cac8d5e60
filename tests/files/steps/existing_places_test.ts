import { assertEquals } from "@std/assert";
import { existingPlaces, findTemporaryPlace } from "../../../lib/files/steps/existing_places.ts";
import { ME, STRANGER, type Tree, treeHost } from "../../support/fake_tree.ts";

const PATH = `/tmp/kuberlr-kubectls-${ME}`;
const TMP = { mode: 0o1777 };
const PRIVATE = { uid: ME, mode: 0o700 };

const ROWS: readonly (readonly [name: string, tree: Tree, want: string | undefined])[] = [
  ["takes the user's own folder", { "/tmp": TMP, [PATH]: PRIVATE }, PATH],
  ["takes nothing if it is missing", { "/tmp": TMP }, undefined],
  [
    "ignores a stranger's folder",
    { "/tmp": TMP, [PATH]: { ...PRIVATE, uid: STRANGER } },
    undefined,
  ],
  ["ignores a folder of root's", { "/tmp": TMP, [PATH]: { ...PRIVATE, uid: 0 } }, undefined],
  ["ignores a folder that others can read", { "/tmp": TMP, [PATH]: { uid: ME } }, undefined],
  ["ignores a file", { "/tmp": TMP, [PATH]: { ...PRIVATE, kind: "file" } }, undefined],
  [
    "ignores a link, even of the user's",
    { "/tmp": TMP, [PATH]: { ...PRIVATE, to: "/k" }, "/k": PRIVATE },
    undefined,
  ],
  [
    "ignores a folder in one that all can write",
    { "/tmp": { mode: 0o777 }, [PATH]: PRIVATE },
    undefined,
  ],
  ["ignores a folder in a stranger's", { "/tmp": { uid: STRANGER }, [PATH]: PRIVATE }, undefined],
  [
    "returns the real path behind a link to the temporary directory",
    { "/tmp": { to: "/private/tmp" }, "/private/tmp": TMP, [`/private${PATH}`]: PRIVATE },
    `/private${PATH}`,
  ],
];

for (const [name, tree, want] of ROWS) {
  Deno.test(`findTemporaryPlace() ${name}`, () => {
    const host = { ...treeHost(tree), env: { get: () => undefined } };
    assertEquals(findTemporaryPlace("/tmp", host), want);
  });
}

const HOME = "/home/me/.kuberlr";

const HOMES: readonly (readonly [name: string, tree: Tree, want: readonly string[]])[] = [
  ["the folder of the user's", { [HOME]: { uid: ME } }, [HOME]],
  ["no missing one", { "/home/me": { uid: ME } }, []],
  ["no stranger's", { [HOME]: { uid: STRANGER } }, []],
  ["none that all can write", { [HOME]: { uid: ME, mode: 0o777 } }, []],
  ["none in a home that all can write", { "/home/me": { mode: 0o777 }, [HOME]: { uid: ME } }, []],
  ["no file", { [HOME]: { uid: ME, kind: "file" } }, []],
  ["the real path behind a link", { [HOME]: { uid: ME, to: "/k" }, "/k": { uid: ME } }, ["/k"]],
  [
    "the private one in a temporary directory after it",
    { [HOME]: { uid: ME }, "/tmp": TMP, [PATH]: PRIVATE },
    [HOME, PATH],
  ],
];

for (const [name, tree, want] of HOMES) {
  Deno.test(`existingPlaces() returns ${name}`, () => {
    const env = { get: (variable: string) => variable === "HOME" ? "/home/me" : undefined };
    const places = existingPlaces({ ...treeHost(tree), env });
    assertEquals(Array.from(places, ({ root }) => root), want);
  });
}
