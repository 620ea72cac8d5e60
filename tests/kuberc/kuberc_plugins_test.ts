/** The credential plugins that kuberc forbids. */
import { assertEquals } from "@std/assert";
import { isPluginForbidden, type Kuberc, type PluginPolicy } from "../../lib/kuberc/kuberc.ts";

const EMPTY: Kuberc = { defaults: [], aliases: [], plugins: { kind: "allow-all" } };

const FOUND: Readonly<Record<string, string>> = {
  plug: "/bin/plug",
  "/bin/plug": "/bin/plug",
  "/opt/plug": "/opt/plug",
  other: "/bin/other",
};
const allowlist = (...commands: string[]): PluginPolicy => ({ kind: "allowlist", commands });

const PLUGINS: readonly [command: string, plugins: PluginPolicy, forbidden: boolean][] = [
  ["plug", { kind: "allow-all" }, false],
  ["plug", { kind: "deny-all" }, true],
  ["plug", allowlist("plug"), false],
  ["plug", allowlist("/bin/plug"), false],
  ["/bin/plug", allowlist("plug"), false],
  ["/opt/plug", allowlist("plug"), true],
  ["plug", allowlist("/opt/plug"), true],
  ["plug", allowlist("other"), true],
  ["plug", allowlist("other", "plug"), false],
  ["plug", allowlist("missing"), true],
  ["missing", allowlist("missing"), true],
];

for (const [command, plugins, forbidden] of PLUGINS) {
  Deno.test(`isPluginForbidden() ${forbidden ? "forbids" : "allows"} ${command} by ${JSON.stringify(plugins)}`, () => {
    assertEquals(
      isPluginForbidden(command, { ...EMPTY, plugins }, (name) => FOUND[name]),
      forbidden,
    );
  });
}
