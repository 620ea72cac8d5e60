/**
 * Compares the output of `-o json` with the shape beside each command's spec, which is also in
 * docs/commands.md.
 */
import { assert, assertEquals } from "@std/assert";
import { COMMANDS } from "../../lib/cli/commands_table.ts";
import { startCluster } from "../support/cluster.ts";
import { runInside } from "../support/in_process.ts";
import { story } from "../support/sandbox.ts";

/** The test makes this file. */
const PIPE = "/pipe";

/** Command lines that make each command print as much as it can. */
const LINES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  get: [["get", "1.30", "1.99"]],
  bins: [["bins"]],
  explain: [
    ["explain"],
    ["explain", "version", "--client"],
    ["explain", "--context", "gone"],
    ["explain", "--kubeconfig", PIPE],
    ["explain", "--context", "pinned"],
  ],
  clusters: [["clusters"], ["clusters", "--cached"]],
  prune: [["prune", "--dry-run", "--all"]],
  skew: [
    ["skew", "v1.16.7-gke.3+k3s1-3-g8b820db0cdf3e9-dirty"],
    ["skew", "v1.36.0-rc.1"],
    ["skew", "v0.0.0-master+$Format:%H$"],
  ],
  config: [["config"]],
  doctor: [["doctor"]],
  version: [["version"]],
};

story("every command prints as JSON what its shape says", async (box) => {
  await using _cluster = await startCluster(box, {
    kubectls: ["1.27.3", "1.30.2"],
    api: { version: "v1.30.5" },
  });
  box.fakeKubectl("1.31.0");
  box.config(`[Contexts."pin*"]\nKubectl = "1.25"\n`);
  await runInside(box, ["get", "1.27.3"], {});
  await runInside(box, ["clusters"], {});
  assertEquals((await box.exec("/usr/bin/mkfifo", [box.root + PIPE])).status, 0);
  const withJson = COMMANDS.filter(({ json }) => json !== undefined);
  assertEquals(
    Object.keys(LINES).toSorted(),
    withJson.map(({ name }) => name as string).toSorted(),
  );
  for (const { name, json = "" } of withJson) {
    const shape = readShape(json);
    for (const line of LINES[name] ?? []) {
      const [command = "", ...rest] = line.map((word) => word === PIPE ? box.root + PIPE : word);
      const { stdout, stderr } = await runInside(box, [command, "-o", "json", ...rest], {});
      const printed: unknown = JSON.parse(stdout);
      const where = `${line.join(" ")}\n${stdout}${stderr}`;
      const unknown = keysOf(printed).filter((key) => !shape.all.includes(key));
      assertEquals(unknown, [], where);
      const entries = Array.isArray(printed) ? printed : [printed];
      assert(entries.length > 0, where);
      if (line.some((word) => word.startsWith("v0.0.0"))) continue;
      for (const entry of entries) {
        assertEquals(shape.required.filter((key) => !(key in entry)), [], where);
      }
    }
  }
}, { unix: "there is no mkfifo" });

/** Returns the keys of a shape, and the keys of its outermost object that are always there. */
function readShape(
  json: string,
): { readonly all: readonly string[]; readonly required: readonly string[] } {
  const bare = json.replaceAll(/\/\/ .*$/gm, "").replaceAll(/"[^"]*"/g, "").replace(/^\[/, "");
  const all: string[] = Array.from(bare.matchAll(/\b[a-zA-Z]\w*/g), ([word]) => word);
  const required: string[] = [];
  let depth = 0;
  for (const [token, key] of bare.matchAll(/[{}]|(?<!\[)(\b[a-zA-Z]\w*\b)(?!\?)/g)) {
    if (token === "{") depth++;
    else if (token === "}" && --depth === 0) break;
    else if (depth === 1 && key !== undefined) required.push(key);
  }
  return { all, required };
}

/** In client-go's table, the keys are minors, and are left out. */
function keysOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    key === "row" ? [key] : [key, ...keysOf(each)]
  );
}
