import { assertEquals } from "@std/assert";
import { formatMemo, type Memo, memoFileName, parseMemo } from "../../lib/memory/memo.ts";

const NOW_MS = 1_000_000;
const MEMO: Memo = {
  key: "server --context=prod",
  writtenAtMs: NOW_MS - 1_000,
  expiresAtMs: NOW_MS + 1_000,
  facts: [
    ["env", "KUBECONFIG", null],
    ["cwd", "", "/here"],
    ["stat", "/usr/bin/kubectl1.30.2", ["file", 0o755, 0, 1, 2, 3, 4, 5]],
    ["text", "/home/me/.kube/config", ["file", 0o600, 1000, 1, 2, 3, 4, 5], "0123456789abcdef"],
    ["list", "/usr/bin", "absent"],
  ],
  path: "/usr/bin/kubectl1.30.2",
  mode: "exec",
  skipsLoopGuard: false,
  warning: null,
  shortcut: null,
};

Deno.test("parseMemo() reads what formatMemo() wrote", () => {
  assertEquals(parseMemo(formatMemo(MEMO), MEMO.key, NOW_MS), MEMO);
});

const HOLDING: readonly [name: string, change: Partial<Memo>][] = [
  ["that never expires", { expiresAtMs: null }],
  ["with a warning", { warning: "pinned" }],
  ["written this very moment", { writtenAtMs: NOW_MS }],
];
for (const [name, change] of HOLDING) {
  Deno.test(`parseMemo() believes a memo ${name}`, () => {
    assertEquals(parseMemo(formatMemo({ ...MEMO, ...change }), MEMO.key, NOW_MS)?.path, MEMO.path);
  });
}

const REFUSED: readonly [name: string, text: string][] = [
  ["nothing", ""],
  ["half a memo", formatMemo(MEMO).slice(0, -20)],
  ["null", "null"],
  ["another value", "[1]"],
  ["another key", formatMemo({ ...MEMO, key: "server --context=dev" })],
  ["one that has expired", formatMemo({ ...MEMO, expiresAtMs: NOW_MS })],
  ["one from the future", formatMemo({ ...MEMO, writtenAtMs: NOW_MS + 1 })],
  ["no time", formatMemo(MEMO).replace(`"writtenAtMs":${NOW_MS - 1_000}`, '"writtenAtMs":"now"')],
  ["a time that is null", formatMemo({ ...MEMO, writtenAtMs: null as unknown as number })],
  [
    "an end that is text",
    formatMemo({ ...MEMO, expiresAtMs: `${NOW_MS + 1_000}` as unknown as number }),
  ],
  ["no end", formatMemo(MEMO).replace('"expiresAtMs":', '"expires":')],
  ["no path", formatMemo(MEMO).replace(`"path":"${MEMO.path}"`, '"path":7')],
  ["no mode", formatMemo(MEMO).replace('"mode":"exec"', '"mode":"shell"')],
  [
    "no word on being final",
    formatMemo(MEMO).replace('"skipsLoopGuard":false', '"skipsLoopGuard":"no"'),
  ],
  ["a warning that is not a text", formatMemo(MEMO).replace('"warning":null', '"warning":7')],
  ["a shortcut that is not a text", formatMemo(MEMO).replace('"shortcut":null', '"shortcut":1')],
  ["no facts", formatMemo(MEMO).replace('"facts":', '"fakes":')],
];
for (const [name, text] of REFUSED) {
  Deno.test(`parseMemo() does not believe ${name}`, () => {
    assertEquals(parseMemo(text, MEMO.key, NOW_MS), undefined);
  });
}

Deno.test("memoFileName() is short, harmless and another for another key", () => {
  const names = ["", "a", "b", "ab", "ba", "../../x", "\0", "é"].map(memoFileName);
  assertEquals(new Set(names).size, names.length);
  assertEquals(names.filter((name) => !/^[0-9a-f]{16}\.json$/.test(name)), []);
});
