import { assertEquals } from "@std/assert";
import {
  emptyServerRecord,
  formatServerRecord,
  hasPluginFailed,
  knownVersion,
  noteAnswer,
  parseServerRecord,
  recallVersion,
  type ServerRecord,
  ttlOf,
  type WaitLimit,
  wasWarned,
} from "../../lib/api_server/server_record.ts";
import { parseVersion } from "../../lib/version/version.ts";

const NOW_MS = 10_000_000;
const TTL = { versionTtlSeconds: 3_600, unreachableTtlSeconds: 30 };
const ENTRY = "ada";
const RECORD: ServerRecord = {
  identity: "https://127.0.0.1:6443/version",
  gitVersion: "v1.30.2+k3s1",
  toldAtMs: NOW_MS - 60_000,
  toldTo: [ENTRY],
  failedAtMs: null,
  failure: null,
  failedFor: ENTRY,
  failedAs: null,
  failedWaitSeconds: null,
  pluginFailedAtMs: null,
  warnedAtMs: null,
  lastUsed: "/k/kubectl1.30.2",
};

Deno.test("parseServerRecord() reads what formatServerRecord() wrote", () => {
  assertEquals(parseServerRecord(formatServerRecord(RECORD), RECORD.identity), RECORD);
  const empty = emptyServerRecord("x");
  assertEquals(parseServerRecord(formatServerRecord(empty), "x"), empty);
});

const REFUSED: readonly [name: string, text: string][] = [
  ["nothing", ""],
  ["null", "null"],
  ["a truncated record", formatServerRecord(RECORD).slice(0, 40)],
  ["another format", formatServerRecord(RECORD).replace('"format":2', '"format":9')],
  ["no kind of a failure", formatServerRecord(RECORD).replace('"failedAs":null,', "")],
  ["another kind", formatServerRecord(RECORD).replace('"failedAs":null', '"failedAs":"toString"')],
  ["an invalid wait", formatServerRecord(RECORD).replace('WaitSeconds":null', 'WaitSeconds":"3"')],
  ["entries that are none", formatServerRecord(RECORD).replace('["ada"]', "[7]")],
  ["no entries", formatServerRecord(RECORD).replace('["ada"]', "null")],
  ["another server's record", formatServerRecord({ ...RECORD, identity: "https://b" })],
  ["an invalid version", formatServerRecord({ ...RECORD, gitVersion: "latest" })],
  ["an invalid time", formatServerRecord(RECORD).replace(/"toldAtMs":\d+/, '"toldAtMs":"x"')],
  ["a path that is not a text", formatServerRecord(RECORD).replace('"/k/kubectl1.30.2"', "7")],
];
for (const [name, text] of REFUSED) {
  Deno.test(`parseServerRecord() does not believe ${name}`, () => {
    assertEquals(parseServerRecord(text, RECORD.identity), undefined);
  });
}

const OLD = { toldAtMs: 0, failedAtMs: NOW_MS, failure: "no answer in time" };

// deno-fmt-ignore: a row a line
/**
 * Recalled as `source version until`, relative to now in seconds; `ask` if the server must be
 * asked.
 */
const RECALLED: readonly [name: string, change: Partial<ServerRecord>, ttl: Partial<typeof TTL & WaitLimit>, want: string][] = [
  ["a fresh answer", {}, {}, "cache 1.30.2 +3540"],
  ["an outdated answer", { toldAtMs: NOW_MS - 3_600_000 }, {}, "ask"],
  ["an answer of this very moment, never to be trusted", { toldAtMs: NOW_MS }, { versionTtlSeconds: 0 }, "ask"],
  ["an answer from the future", { toldAtMs: NOW_MS + 60_000 }, {}, "ask"],
  ["an outdated answer of a server that has just failed", { toldAtMs: 0, failedAtMs: NOW_MS - 10_000, failure: "refused" }, {}, "stale 1.30.2 +20"],
  ["a server that has just failed and never told", { gitVersion: null, failedAtMs: NOW_MS - 10_000, failure: "refused" }, {}, "unknown: refused +20"],
  ["a server that failed a while ago", { gitVersion: null, failedAtMs: NOW_MS - 30_000, failure: "refused" }, {}, "ask"],
  ["a server that fails and is always to be asked", { gitVersion: null, failedAtMs: NOW_MS, failure: "refused" }, { unreachableTtlSeconds: 0 }, "ask"],
  ["a fresh answer of a server that fails since", { failedAtMs: NOW_MS, failure: "refused" }, {}, "cache 1.30.2 +3540"],
  ["nothing", { gitVersion: null, toldAtMs: 0 }, {}, "ask"],
  ["a fresh answer to another identity", { toldTo: ["bob"] }, {}, "ask"],
  ["a fresh answer to several", { toldTo: ["bob", ENTRY] }, {}, "cache 1.30.2 +3540"],
  ["a failure of another identity", { gitVersion: null, failedAtMs: NOW_MS, failure: "403", failedFor: "bob" }, {}, "ask"],
  ["a failure after two seconds, to a command that waits as long", { ...OLD, failedWaitSeconds: 2 }, { waitSeconds: 2 }, "stale 1.30.2 +0"],
  ["a failure after two seconds, to one that waits longer", { ...OLD, failedWaitSeconds: 2 }, { waitSeconds: 2.1 }, "ask"],
  ["a failure after two seconds, to one that waits for Timeout", { ...OLD, failedWaitSeconds: 2 }, {}, "ask"],
  ["a failure after Timeout, to one that waits less", OLD, { waitSeconds: 2 }, "stale 1.30.2 +30"],
  ["a failure beside a fresh answer to another identity", { toldTo: ["bob"], failedAtMs: NOW_MS, failure: "403" }, {}, "stale 1.30.2 +30"],
];
for (const [name, change, ttl, want] of RECALLED) {
  Deno.test(`recallVersion() makes of ${name}: ${want}`, () => {
    const recalled = recallVersion({ ...RECORD, ...change }, ENTRY, { ...TTL, ...ttl }, NOW_MS);
    assertEquals(recalled === undefined ? "ask" : describe(recalled), want);
  });
}

function describe({ known, untilMs }: NonNullable<ReturnType<typeof recallVersion>>): string {
  const until = `+${(untilMs - NOW_MS) / 1000}`;
  if (known.source === "unknown") return `unknown: ${known.reason} ${until}`;
  const { major, minor, patch } = known.version;
  return `${known.source} ${major}.${minor}.${patch} ${until}`;
}

const TOLD = { kind: "version", version: parseVersion("v1.31.0")!, gitVersion: "v1.31.0" } as const;

Deno.test("noteAnswer() replaces the version and forgets the failure", () => {
  const failed = { ...RECORD, failedAtMs: 1, failure: "refused", pluginFailedAtMs: 1 };
  assertEquals(noteAnswer(failed, TOLD, ENTRY, NOW_MS), {
    ...RECORD,
    gitVersion: "v1.31.0",
    toldAtMs: NOW_MS,
    failedFor: null,
  });
});

Deno.test("noteAnswer() keeps the older version beside a failure, 403 among them", () => {
  assertEquals(noteAnswer(RECORD, { kind: "denied", reason: "403" }, "bob", NOW_MS), {
    ...RECORD,
    failedAtMs: NOW_MS,
    failure: "403",
    failedFor: "bob",
    failedAs: "denied",
  });
});

Deno.test("noteAnswer() keeps those who were told the same version, and no others", () => {
  const same = { ...TOLD, gitVersion: "v1.30.2+k3s1" };
  assertEquals(noteAnswer(RECORD, same, "bob", NOW_MS).toldTo, ["bob", ENTRY]);
  assertEquals(noteAnswer(RECORD, TOLD, "bob", NOW_MS).toldTo, ["bob"]);
  const many = Array.from({ length: 40 }, (_, index) => `user ${index}`);
  const record = many.reduce((record, entry) => noteAnswer(record, same, entry, NOW_MS), RECORD);
  assertEquals(record.toldTo, many.slice(-16).toReversed());
});

Deno.test("hasPluginFailed() holds for the entry and for as long as a version would be trusted", () => {
  const lasting = { kind: "denied", reason: "no", lasting: "plugin" } as const;
  const failed = noteAnswer(RECORD, lasting, ENTRY, NOW_MS);
  assertEquals(hasPluginFailed(failed, ENTRY, TTL, NOW_MS + 3_599_999), true);
  assertEquals(hasPluginFailed(failed, ENTRY, TTL, NOW_MS + 3_600_000), false);
  assertEquals(hasPluginFailed(failed, "bob", TTL, NOW_MS), false);
  const again = noteAnswer(failed, { kind: "denied", reason: "401" }, ENTRY, NOW_MS + 60_000);
  assertEquals(again.pluginFailedAtMs, NOW_MS);
  assertEquals(
    noteAnswer(failed, { kind: "denied", reason: "401" }, "bob", 1).pluginFailedAtMs,
    null,
  );
  assertEquals(noteAnswer(failed, TOLD, ENTRY, NOW_MS).pluginFailedAtMs, null);
});

Deno.test("wasWarned() holds for a day", () => {
  const day = 24 * 60 * 60 * 1000;
  assertEquals(wasWarned(RECORD, NOW_MS), false);
  assertEquals(wasWarned({ ...RECORD, warnedAtMs: NOW_MS }, NOW_MS + day - 1), true);
  assertEquals(wasWarned({ ...RECORD, warnedAtMs: NOW_MS }, NOW_MS + day), false);
  assertEquals(wasWarned({ ...RECORD, warnedAtMs: NOW_MS + 1 }, NOW_MS), false);
});

for (
  const [url, want] of [
    ["http://127.0.0.1:8001/version", 60],
    ["http://localhost:8080/version", 60],
    ["http://[::1]:8001/version", 60],
    ["https://127.0.0.1:6443/version", 3_600],
    ["http://10.0.0.1:8080/version", 3_600],
    ["http://localhost.example.com/version", 3_600],
    ["http://[fe80::1%25eth0]:8001/version", 3_600],
  ] as const
) {
  Deno.test(`ttlOf() trusts a version of ${url} for ${want} seconds`, () => {
    assertEquals(ttlOf(TTL, url), { ...TTL, versionTtlSeconds: want });
    assertEquals(ttlOf({ ...TTL, versionTtlSeconds: 7 }, url).versionTtlSeconds, 7);
  });
}

Deno.test("knownVersion() tells the age in seconds, and never a negative one", () => {
  const version = parseVersion("v1.30.2")!;
  const gitVersion = "v1.30.2+k3s1";
  assertEquals(knownVersion(RECORD, "cache", NOW_MS), {
    source: "cache",
    version,
    gitVersion,
    ageSeconds: 60,
  });
  assertEquals(knownVersion(RECORD, "stale", 0), {
    source: "stale",
    version,
    gitVersion,
    ageSeconds: 0,
  });
});

Deno.test("noteAnswer() keeps 1,000 characters of what a server or a failure says", () => {
  const record = emptyServerRecord("x");
  for (const length of [999, 1_000, 1_001]) {
    const gitVersion = `v1.30.2+${"k".repeat(length - 8)}`;
    const version = parseVersion("1.30.2")!;
    const told = noteAnswer(record, { kind: "version", version, gitVersion }, ENTRY, NOW_MS);
    assertEquals(told.gitVersion, gitVersion.slice(0, 1_000));
    const reason = "x".repeat(length);
    const failed = noteAnswer(record, { kind: "unknown", reason }, ENTRY, NOW_MS);
    assertEquals(failed.failure, reason.slice(0, 1_000));
  }
});
