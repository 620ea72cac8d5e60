import type { Pin } from "../../lib/config/keys.ts";
import type { KnownVersion } from "../../lib/api_server/server_record.ts";
import type { Need } from "../../lib/kubectl/need.ts";
import { assertEquals } from "@std/assert";
import type { Binary } from "../../lib/kubectls/binaries.ts";
import type { Plan, PlanInput } from "../../lib/resolver/plan.ts";
import { planKubectl } from "../../lib/resolver/resolver.ts";
import { formatVersion, parseVersion } from "../../lib/version/version.ts";
import { formatWanted } from "../../lib/version/wanted.ts";

const SERVER: Need = { kind: "server" };
const LOCAL: Need = { kind: "local", reason: `"kubectl config" contacts no server` };
const COMPLETION: Need = { kind: "completion", reason: "completion waits for nobody" };

/**
 * `local` and `system` name versions; the plan is written as `use PATH`, `download WHAT or
 * VERSION`, `refuse CODE`.
 */
interface Row {
  readonly name: string;
  readonly need?: Need;
  readonly server?: string;
  readonly local?: readonly string[];
  readonly system?: readonly string[];
  readonly pin?: string;
  readonly lastUsed?: string;
  readonly allowDownload?: boolean;
  readonly useLatest?: boolean;
  readonly match?: "minor" | "patch";
  readonly minVersion?: string;
  readonly missing?: "release" | "minor";
  readonly want: string;
  readonly warning?: RegExp;
}

// deno-fmt-ignore: a row a line
const TABLE: readonly Row[] = [
  // The server's version is known.
  { name: "the server's own patch", server: "1.30.2", local: ["1.30.2"], want: "use local 1.30.2" },
  { name: "the newest patch of the server's minor", server: "1.30.2", local: ["1.30.0", "1.30.9", "1.30.2"], want: "use local 1.30.9" },
  { name: "the server's minor before a newer one", server: "1.30.2", local: ["1.31.5", "1.30.0"], want: "use local 1.30.0" },
  { name: "one newer before one older", server: "1.30.2", local: ["1.29.9", "1.31.0", "1.32.1"], want: "use local 1.31.0" },
  { name: "one older, too", server: "1.30.2", local: ["1.29.9", "1.28.9"], want: "use local 1.29.9" },
  { name: "local before system", server: "1.30.2", local: ["1.30.2"], system: ["1.30.2"], want: "use local 1.30.2" },
  { name: "a newer patch of system before local", server: "1.30.2", local: ["1.30.2"], system: ["1.30.3"], want: "use system 1.30.3" },
  { name: "a release before its own candidate", server: "1.31.0", local: ["1.31.0-rc.1", "1.31.0"], want: "use local 1.31.0" },
  { name: "the same major only", server: "1.30.2", local: ["2.30.2"], want: "download 1.30.2" },
  { name: "nothing below minor 0", server: "1.0.3", local: ["1.1.0"], want: "use local 1.1.0" },
  { name: "an outdated answer as if it were fresh", server: "stale 1.30.2", local: ["1.30.1", "1.36.0"], want: "use local 1.30.1" },
  // No kubectl is inside the window.
  { name: "the server's release where none fits", server: "1.30.2", local: ["1.27.0", "1.33.0"], want: "download 1.30.2" },
  { name: "the server's release where there is none", server: "1.30.2", want: "download 1.30.2" },
  { name: "what to fall back on if allowed", server: "1.30.2", local: ["1.27.0"], useLatest: true, want: "download 1.30.2 or 1.27.0" },
  { name: "a refusal where downloads are forbidden", server: "1.30.2", local: ["1.27.0"], allowDownload: false, want: "refuse download-forbidden" },
  { name: "a refusal where nothing is there", server: "1.30.2", allowDownload: false, want: "refuse no-kubectl" },
  { name: "the newest if allowed, saying so", server: "1.30.2", local: ["1.26.0"], system: ["1.27.0"], allowDownload: false, useLatest: true, want: "use system 1.27.0", warning: /no kubectl is within one minor of the server's 1\.30\.2 .*using 1\.27\.0/ },
  // Match.
  { name: "the server's minor alone, with Match = minor", match: "minor", server: "1.33.5", local: ["1.34.5", "1.32.1"], want: "download 1.33.5" },
  { name: "the newest of the server's minor, with Match = minor", match: "minor", server: "1.33.5", local: ["1.33.0", "1.33.9", "1.34.5"], want: "use local 1.33.9" },
  { name: "the server's release alone, with Match = patch", match: "patch", server: "1.33.5", local: ["1.33.9"], want: "download 1.33.5" },
  { name: "the server's release before a newer patch, with Match = patch", match: "patch", server: "1.33.5", local: ["1.33.5", "1.33.9"], want: "use local 1.33.5" },
  { name: "any patch of a release that upstream never published, with Match = patch", match: "patch", missing: "release", server: "1.27.101", local: ["1.27.16", "1.28.0"], want: "use local 1.27.16" },
  { name: "another download of a release that is missing, with Match = patch and none of its minor", match: "patch", missing: "release", server: "1.27.101", local: ["1.28.0"], want: "download 1.27.101" },
  { name: "a refusal that names the setting", match: "minor", server: "1.33.5", local: ["1.34.5"], allowDownload: false, want: "refuse download-forbidden" },
  { name: "a local command by Match no more than before", match: "patch", need: LOCAL, server: "1.33.5", local: ["1.34.5"], want: "use local 1.34.5" },
  // MinVersion.
  { name: "the oldest that MinVersion allows, for an older server", minVersion: "1.25", server: "1.7.0", local: ["1.7.0", "1.30.2"], want: "download 1.25", warning: /runs 1\.7\.0, and MinVersion allows no kubectl older than 1\.25/ },
  { name: "an installed one of MinVersion's minor, for an older server", minVersion: "1.25", server: "1.7.0", local: ["1.7.0", "1.25.3"], want: "use local 1.25.3", warning: /1\.7\.0/ },
  { name: "no patch below MinVersion", minVersion: "1.25.4", server: "1.25.0", local: ["1.25.3", "1.26.1"], want: "use local 1.26.1", warning: /1\.25\.0/ },
  { name: "as ever for a server that is new enough", minVersion: "1.25", server: "1.26.0", local: ["1.24.9", "1.25.3"], want: "use local 1.25.3" },
  { name: "none of the window below MinVersion", minVersion: "1.25", server: "1.25.0", local: ["1.24.9"], want: "download 1.25.0" },
  { name: "none below MinVersion for an unknown server", minVersion: "1.25", local: ["1.24.9"], want: "download stable" },
  { name: "none below MinVersion for a local command, even if last used", minVersion: "1.25", need: LOCAL, server: "1.7.0", local: ["1.7.0", "1.30.2"], lastUsed: "/local/kubectl1.7.0", want: "use local 1.30.2" },
  { name: "a pin below MinVersion", minVersion: "1.25", pin: "1.20.4", server: "1.20.0", local: ["1.20.4"], want: "use local 1.20.4" },
  // Versions that were never published.
  { name: "the newest for a version that nobody published", missing: "minor", server: "4.14.2", local: ["1.30.2", "1.36.4"], want: "use local 1.36.4", warning: /runs 4\.14\.2, which no mirror has, nor any 4\.14: using 1\.36\.4/ },
  { name: "stable for a version that nobody published with none installed", missing: "minor", server: "1.99.4", want: "download stable", warning: /1\.99\.4.*the stable kubectl/ },
  { name: "the newest for another major, where the mirror may not be asked", server: "4.14.2", allowDownload: false, local: ["1.30.2", "1.36.4"], want: "use local 1.36.4", warning: /runs 4\.14\.2, which is not a release of Kubernetes: using 1\.36\.4/ },
  { name: "a refusal for a future minor, where the mirror may not be asked", server: "1.99.4", allowDownload: false, local: ["1.36.4"], want: "refuse download-forbidden" },
  { name: "one within the window of an unpublished version", missing: "minor", server: "1.38.0", local: ["1.36.0", "1.37.1"], want: "use local 1.37.1" },
  { name: "the newest for a local command of such a server", missing: "minor", need: LOCAL, server: "4.14.2", want: "download stable" },
  // The server's version is unknown.
  { name: "the newest where the server is unknown", local: ["1.27.0"], system: ["1.33.0"], want: "use system 1.33.0" },
  { name: "the mirror's stable where nothing is known", want: "download stable" },
  { name: "a refusal where nothing is known, there or allowed", allowDownload: false, want: "refuse no-kubectl" },
  // Local commands and completion.
  { name: "the kubectl last used, for a local command", need: LOCAL, server: "1.30.2", local: ["1.30.2", "1.33.0"], lastUsed: "/local/kubectl1.30.2", want: "use local 1.30.2" },
  { name: "the newest, for a local command of a new server", need: LOCAL, server: "1.30.2", local: ["1.30.2", "1.33.0"], want: "use local 1.33.0" },
  { name: "the newest, where the last used is gone", need: LOCAL, local: ["1.33.0"], lastUsed: "/local/kubectl1.30.2", want: "use local 1.33.0" },
  { name: "stable, for a local command with none installed", need: LOCAL, want: "download stable" },
  { name: "the cached server's release, for a local command with none installed", need: LOCAL, server: "1.30.2", want: "download 1.30.2" },
  { name: "a refusal, for a local command with none to be had", need: LOCAL, allowDownload: false, want: "refuse no-kubectl" },
  { name: "the kubectl last used, for completion", need: COMPLETION, local: ["1.30.2", "1.33.0"], lastUsed: "/local/kubectl1.30.2", want: "use local 1.30.2" },
  { name: "no download for completion", need: COMPLETION, server: "1.30.2", want: "refuse no-kubectl" },
  // Pins.
  { name: "a pinned version", pin: "1.29.4", server: "1.30.2", local: ["1.29.4", "1.30.2"], want: "use local 1.29.4" },
  { name: "a pinned version, v and all", pin: "v1.29.4", server: "1.30.2", local: ["1.29.4"], want: "use local 1.29.4" },
  { name: "the newest patch of a pinned minor", pin: "1.29", server: "1.30.2", local: ["1.29.4", "1.29.9"], want: "use local 1.29.9" },
  { name: "a pinned path", pin: "/opt/kubectl", server: "1.30.2", local: ["1.30.2"], want: "use /opt/kubectl" },
  { name: "a pin for a local command, too", pin: "1.29", need: LOCAL, local: ["1.29.4", "1.33.0"], want: "use local 1.29.4" },
  { name: "a pin outside the window, with a warning", pin: "1.25.1", server: "1.30.2", local: ["1.25.1"], want: "use local 1.25.1", warning: /1\.25\.1, pinned by .*, is more than one minor from the server's 1\.30\.2/ },
  { name: "a pinned minor outside the window, not yet there", pin: "1.25", server: "1.30.2", want: "download 1.25", warning: /kubectl 1\.25, pinned by/ },
  { name: "a download of a pinned version", pin: "1.29.4", want: "download 1.29.4" },
  { name: "a refusal where the pin may not be fetched", pin: "1.29.4", local: ["1.30.2"], allowDownload: false, useLatest: true, want: "refuse pin-unavailable" },
  { name: "a refusal of a pin that is nothing", pin: "newest", local: ["1.30.2"], want: "refuse pin-unavailable" },
  { name: "a refusal of a pin that moves", pin: "stable", local: ["1.30.2"], want: "refuse pin-unavailable" },
];

Deno.test("planKubectl() names the file of a pin as the platform does", () => {
  const row = { name: "", pin: "1.29.4", local: ["1.30.2"], allowDownload: false, want: "" };
  const { plan } = planKubectl({ ...inputOf(row), suffix: ".exe" });
  assertEquals(plan.kind === "refuse" && plan.hint.includes(`as "kubectl1.29.4.exe",`), true);
});

for (const row of TABLE) {
  Deno.test(`planKubectl() chooses ${row.name}`, () => {
    const { plan } = planKubectl(inputOf(row));
    assertEquals(describe(plan), row.want);
    const warning = plan.kind === "refuse" ? undefined : plan.warning;
    assertEquals(warning !== undefined, row.warning !== undefined, warning);
    if (row.warning !== undefined) assertEquals(row.warning.test(warning ?? ""), true, warning);
  });
}

// deno-fmt-ignore
const VERDICTS: readonly (Partial<Row> & { readonly name: string; readonly verdicts: Readonly<Record<string, string>> })[] = [
  { name: "the setting that keeps it away", server: "1.33.5", match: "minor", minVersion: "1.28", local: ["1.34.5", "1.20.0"],
    verdicts: { "1.34.5": `not the server's minor (Match = "minor")`, "1.20.0": "older than MinVersion (1.28.0)" } },
  { name: "Match also where another is taken", server: "1.33.5", match: "minor", local: ["1.34.5", "1.33.1", "1.33.0"],
    verdicts: { "1.34.5": `not the server's minor (Match = "minor")`, "1.33.1": "taken", "1.33.0": "another fits better" } },
  { name: `Match = "patch"`, server: "1.33.5", match: "patch", local: ["1.33.6", "1.33.5"],
    verdicts: { "1.33.6": `not the server's release (Match = "patch")`, "1.33.5": "taken" } },
  { name: "a patch where the server's is not published", server: "1.33.99", match: "patch", missing: "release", local: ["1.34.0", "1.33.6", "1.33.5"],
    verdicts: { "1.34.0": `not the server's release (Match = "patch")`, "1.33.6": "taken", "1.33.5": "another fits better" } },
  { name: "the age where nothing fits", server: "1.30.2", allowDownload: false, useLatest: true, local: ["1.34.0", "1.33.0"],
    verdicts: { "1.34.0": "taken", "1.33.0": "older than the one taken" } },
  { name: "the age where the server is unknown", local: ["1.34.0", "1.33.0"],
    verdicts: { "1.34.0": "taken", "1.33.0": "older than the one taken" } },
  { name: "the age where the command is local", need: LOCAL, server: "1.30.2", local: ["1.34.0", "1.30.2"],
    verdicts: { "1.34.0": "taken", "1.30.2": "older than the one taken" } },
  { name: "the last use where the command is local", need: LOCAL, server: "1.30.2", lastUsed: "/local/kubectl1.30.2", local: ["1.34.0", "1.30.2", "1.29.0"],
    verdicts: { "1.34.0": "not the one that was last used with this server", "1.30.2": "taken", "1.29.0": "older than the one taken" } },
  { name: "the pin", pin: "1.29", match: "minor", minVersion: "1.30", server: "1.30.2", local: ["1.30.0", "1.29.4", "1.29.0"],
    verdicts: { "1.30.0": "not the pinned kubectl", "1.29.4": "taken", "1.29.0": "a newer one fits the pin" } },
  { name: "a pin that is not installed", pin: "1.27", server: "1.30.2", local: ["1.30.0"],
    verdicts: { "1.30.0": "not the pinned kubectl" } },
  { name: "a pinned path", pin: "/opt/kubectl", server: "1.30.2", local: ["1.30.0"],
    verdicts: { "1.30.0": "not the pinned kubectl" } },
];

for (const { verdicts, ...row } of VERDICTS) {
  Deno.test(`planKubectl() says of a candidate: ${row.name}`, () => {
    const { candidates } = planKubectl(inputOf({ ...row, want: "" }));
    const found = candidates.map(({ version, verdict }) => [formatVersion(version), verdict]);
    assertEquals(Object.fromEntries(found), verdicts);
  });
}

Deno.test("planKubectl() says of each candidate why it was or was not taken", () => {
  const { candidates, window } = planKubectl(inputOf({
    name: "",
    server: "1.30.2",
    local: ["1.28.0", "1.30.0", "1.31.0"],
    system: ["1.33.0", "1.30.0"],
    want: "",
  }));
  assertEquals(window, { oldest: { major: 1, minor: 29 }, newest: { major: 1, minor: 31 } });
  assertEquals(candidates.map(({ path, verdict }) => `${path}: ${verdict}`), [
    "/system/kubectl1.33.0: outside the skew window: too new",
    "/local/kubectl1.31.0: another fits better",
    "/local/kubectl1.30.0: taken",
    "/system/kubectl1.30.0: the same version is taken from another folder",
    "/local/kubectl1.28.0: outside the skew window: too old",
  ]);
});

function inputOf(row: Row): PlanInput {
  const pin: Pin | undefined = row.pin === undefined
    ? undefined
    : { context: undefined, kubectl: row.pin, origin: "KUBERLR_KUBECTL" };
  return {
    need: row.need ?? SERVER,
    server: knownVersion(row.server),
    pin,
    binaries: [...binaries("system", row.system), ...binaries("local", row.local)],
    lastUsed: row.lastUsed,
    config: {
      allowDownload: row.allowDownload ?? true,
      useLatestIfNoCompatible: row.useLatest ?? false,
      match: row.match ?? "window",
      minVersion: row.minVersion ?? "",
    },
    missing: row.missing,
  };
}

function knownVersion(text: string | undefined): KnownVersion {
  if (text === undefined) return { source: "unknown", reason: "connection refused" };
  const gitVersion = `v${text.replace("stale ", "")}`;
  const source = text.startsWith("stale") ? "stale" : "cache";
  return { source, gitVersion, version: parseVersion(gitVersion)!, ageSeconds: 0 };
}

function binaries(source: "local" | "system", versions: readonly string[] = []): Binary[] {
  return versions.map((text) => ({
    version: parseVersion(text)!,
    path: `/${source}/kubectl${text}`,
    source,
  }));
}

function describe(plan: Plan): string {
  switch (plan.kind) {
    case "use":
      return `use ${plan.path.replace(/\/(local|system)\/kubectl/, "$1 ")}`;
    case "download":
      return `download ${formatWanted(plan.wanted)}` +
        (plan.fallback
          ? ` or ${formatWanted({ kind: "exact", version: plan.fallback.version })}`
          : "");
    case "refuse":
      return `refuse ${plan.code}`;
  }
}
