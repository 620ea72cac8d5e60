import { assertEquals, assertThrows } from "@std/assert";
import {
  type Kubeconfig,
  mergeKubeconfigs,
  readKubeconfig,
} from "../../lib/kubeconfig/kubeconfig.ts";
import { KubeconfigError } from "../../lib/kubeconfig/fields.ts";

const file = (name: string, value: unknown) => readKubeconfig(value, `/k/${name}`);

/** Returns names with the files that define them. */
function summary({ currentContext, contexts, clusters, users }: Kubeconfig) {
  const files = (entries: Kubeconfig["users"]) =>
    Object.fromEntries([...entries].map(([name, entry]) => [name, entry.file]));
  return {
    currentContext: currentContext && `${currentContext.value} in ${currentContext.file}`,
    contexts: files(contexts),
    clusters: files(clusters),
    users: files(users),
  };
}

Deno.test("mergeKubeconfigs() takes each name from the first file that has it", () => {
  const merged = mergeKubeconfigs([
    file("a", { clusters: [{ name: "c1" }], users: [{ name: "u", user: {} }] }),
    file("b", {
      "current-context": "x",
      clusters: [{ name: "c1", cluster: { server: "no" } }, { name: "c2" }],
      users: [{ name: "u", user: { token: "hidden" } }],
    }),
    file("c", { "current-context": "y", contexts: [{ name: "x" }], clusters: [{ name: "c2" }] }),
  ]);
  assertEquals(summary(merged), {
    currentContext: "x in /k/b",
    contexts: { x: "/k/c" },
    clusters: { c1: "/k/a", c2: "/k/b" },
    users: { u: "/k/a" },
  });
  assertEquals(merged.users.get("u")?.value, {});
});

Deno.test("mergeKubeconfigs() passes over an empty current-context", () => {
  const merged = mergeKubeconfigs([
    file("a", { "current-context": "" }),
    file("b", { "current-context": "x" }),
  ]);
  assertEquals(merged.currentContext, { value: "x", file: "/k/b" });
});

Deno.test("mergeKubeconfigs() of nothing is empty", () => {
  const nothing = { currentContext: undefined, contexts: {}, clusters: {}, users: {} };
  assertEquals(summary(mergeKubeconfigs([])), nothing);
  assertEquals(summary(mergeKubeconfigs([file("a", null)])), nothing);
});

Deno.test("readKubeconfig() names an entry without name by the empty name", () => {
  assertEquals(summary(file("a", { contexts: [null] })).contexts, { "": "/k/a" });
});

for (
  const [name, value] of [
    ["a text", "clusters"],
    ["a list", []],
    ["another kind", { kind: "List" }],
    ["another version", { apiVersion: "v2" }],
    ["a number for version", { apiVersion: 1 }],
    ["a mapping of clusters", { clusters: {} }],
    ["a number for name", { clusters: [{ name: 1.3 }] }],
    ["a boolean for name", { contexts: [{ name: true }] }],
    ["two clusters of one name", { clusters: [{ name: "a" }, { name: "a" }] }],
    ["two users without name", { users: [{}, null] }],
    ["a text for a cluster", { clusters: [{ name: "a", cluster: "b" }] }],
    ["a number for current-context", { "current-context": 1 }],
  ] as const
) {
  Deno.test(`readKubeconfig() refuses ${name}`, () => {
    assertThrows(() => file("a", value), KubeconfigError);
  });
}
