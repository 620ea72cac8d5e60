import { assertEquals } from "@std/assert";
import { findTemporaryPlace } from "../../../lib/files/steps/existing_places.ts";
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
