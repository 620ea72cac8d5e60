/** Every listing on a wide terminal, on a narrow one, and without one. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { cellsOf, CLUSTER_COLUMNS, type ClusterRow } from "../../lib/commands/cluster_table.ts";
import { runCommand } from "../../lib/commands/dispatch.ts";
import { type Explanation, formatAge, renderExplanation } from "../../lib/commands/explanation.ts";
import { type Finding, renderFindings } from "../../lib/commands/findings.ts";
import type { Host } from "../../lib/ports/host.ts";
import { renderTable } from "../../lib/output/table.ts";
import { textWidth } from "../../lib/output/text_width.ts";
import {
  fakeEnv,
  type FakeFile,
  fakeFiles,
  fakeProgram,
  fakeTerminal,
  LINUX,
} from "../support/fake_host.ts";

const KUBECTL: FakeFile = { executable: true };
const LOCAL = "/home/me/.kuberlr/linux-amd64";
const WORLD: Readonly<Record<string, FakeFile>> = {
  "/etc/kuberlr.conf":
    `Timeout = 2\nKubeMirrorUrl = ["https://me:secret@mirror.example.com/kubernetes", "https://dl.k8s.io"]\n[Contexts."生産-*"]\nKubectl = "1.29"\n`,
  [`${LOCAL}/kubectl1.30.2`]: KUBECTL,
  [`${LOCAL}/kubectl1.9.11`]: KUBECTL,
  "/usr/bin/kubectl1.31": KUBECTL,
};

async function print(args: readonly string[], columns: number | undefined): Promise<string> {
  const terminal = fakeTerminal(columns);
  const host = {
    platform: LINUX,
    env: fakeEnv({ HOME: "/home/me", NO_COLOR: "1" }),
    files: fakeFiles(WORLD),
    store: { canWrite: () => true, tryWriting: () => undefined, volumeOf: () => undefined },
    program: fakeProgram(),
    clock: { nowMs: () => Date.UTC(2026, 10, 21), monotonicMs: () => 0 },
    terminal,
  } as unknown as Host;
  assertEquals(await runCommand(args, host), 0);
  assertEquals(terminal.stderrText, "");
  return terminal.stdoutText;
}

function assertFits(text: string, width: number | undefined): void {
  if (width === undefined) return;
  const long = text.split("\n").filter((line) => textWidth(line) > width);
  // If each row has lines of its own, a word that is too wide for its column stays whole.
  assertEquals(long.filter((line) => textWidth(line.split(" ").at(-1) ?? "") < width - 20), []);
}

for (const width of [undefined, 200, 100, 80, 40]) {
  const where = width === undefined ? "no terminal" : `a terminal of ${width} columns`;

  for (
    const args of [["bins"], ["config"], ["skew", "v1.16.7-gke.3+k3s1-3-g8b820db0cdf3e9-dirty"]]
  ) {
    Deno.test(`${args[0]} fits ${where}`, async (t) => {
      const text = await print(args, width);
      assertFits(text, width);
      await t.assertSnapshot(text);
    });
  }

  Deno.test(`clusters fits ${where}`, async (t) => {
    const text = renderTable(CLUSTER_COLUMNS, ROWS.map(cellsOf), { width, color: false });
    assertFits(text, width);
    if (width !== undefined) {
      assertStringIncludes(text.replaceAll(/\s+/g, " "), ROWS[3]?.trouble ?? "");
    }
    await t.assertSnapshot(text);
  });

  Deno.test(`doctor fits ${where}`, async (t) => {
    const text = renderFindings(FINDINGS, { width, color: false });
    assertFits(text, width);
    await t.assertSnapshot(text);
  });

  for (const explanation of [USE(), REFUSE()]) {
    Deno.test(`explain of a plan to ${explanation.plan.kind} fits ${where}`, async (t) => {
      await t.assertSnapshot(renderExplanation(explanation, { width, color: false }));
    });
  }
}

for (const args of [["bins"], ["config"], ["skew", "v1.30.2"], ["version"]]) {
  Deno.test(`${args[0]} -o json is the same everywhere`, async (t) => {
    const json = await print([...args, "-o", "json"], undefined);
    assertEquals(await print([...args, "-o", "json"], 40), json);
    if (args[0] !== "version") await t.assertSnapshot(json);
  });
}

for (
  const { server, trouble = "", lines } of [
    {
      server: "https://127.0.0.1:42741",
      lines: [
        "CONTEXT  STATUS  VERSION        AGE  KUBECTL  SKEW  END OF LIFE  SERVER",
        "cloud    ok      v1.30.0-eks-…  0 s  1.30.0   0     2025-07-15   127.0.0.1:42741",
      ],
    },
    {
      server: "https://0123456789ABCDEF.gr7.ap-northeast-1.eks.amazonaws.com",
      lines: [
        "CONTEXT  STATUS  VERSION              AGE  KUBECTL  SKEW  END OF LIFE",
        "cloud    ok      v1.30.0-eks-036c24b  0 s  1.30.0   0     2025-07-15",
        "  0123456789ABCDEF.gr7.ap-northeast-1.eks.amazonaws.com",
      ],
    },
    {
      server: "https://0123456789ABCDEF.gr7.ap-northeast-1.eks.amazonaws.com",
      trouble: "connection refused",
      lines: [
        "CONTEXT  STATUS  VERSION              AGE  KUBECTL  SKEW  END OF LIFE",
        "cloud    ok      v1.30.0-eks-036c24b  0 s  1.30.0   0     2025-07-15",
        "  0123456789ABCDEF.gr7.ap-northeast-1.eks.amazonaws.com  connection refused",
      ],
    },
  ]
) {
  Deno.test(`clusters shows ${server} whole, beside or below${trouble && ", with the trouble"}`, () => {
    const row: ClusterRow = {
      context: "cloud",
      cluster: "cloud",
      server,
      trouble,
      status: "ok",
      version: "v1.30.0-eks-036c24b",
      ageSeconds: 0,
      kubectl: `${LOCAL}/kubectl1.30.0`,
      skew: 0,
      endOfLife: "2025-07-15",
      support: "ended",
      ok: true,
    };
    const text = renderTable(CLUSTER_COLUMNS, [cellsOf(row)], { width: 80, color: false });
    assertEquals(text.trimEnd().split("\n"), lines);
  });
}

Deno.test("clusters says of a missing kubectl that it is missing", () => {
  const row = { ...ROWS[2]!, missing: "stable" };
  assertEquals(cellsOf(row)[4], { text: "newest missing", tone: "odd" });
});

Deno.test("clusters is coloured by status", async (t) => {
  await t.assertSnapshot(
    renderTable(CLUSTER_COLUMNS, ROWS.map(cellsOf), { width: 120, color: true }),
  );
});

for (
  const { seconds, want } of [
    { seconds: 0, want: "0 s" },
    { seconds: 119, want: "119 s" },
    { seconds: 120, want: "2 min" },
    { seconds: 7_199, want: "120 min" },
    { seconds: 7_200, want: "2 h" },
    { seconds: 172_800, want: "2 d" },
  ]
) {
  Deno.test(`formatAge() says ${want} for ${seconds} seconds`, () => {
    assertEquals(formatAge(seconds), want);
  });
}

const ROWS: readonly ClusterRow[] = [
  {
    context: "生産-東京",
    cluster: "tokyo",
    server: "https://0123456789ABCDEF.gr7.ap-northeast-1.eks.amazonaws.com",
    status: "ok",
    version: "v1.30.2-eks-1552ad0",
    ageSeconds: 0,
    kubectl: `${LOCAL}/kubectl1.31.0`,
    skew: 1,
    endOfLife: "2025-06-28",
    support: "ended",
    ok: true,
  },
  {
    context: "staging",
    cluster: "staging",
    server: "https://10.0.0.1:6443",
    status: "unreachable",
    version: "v1.29.3+k3s1",
    ageSeconds: 200_000,
    kubectl: `${LOCAL}/kubectl1.28.9`,
    skew: -1,
    ok: false,
    trouble: "connection refused",
  },
  {
    context: "old",
    cluster: "old",
    server: "https://10.0.0.2:6443",
    status: "ok",
    version: "v1.22.17",
    ageSeconds: 4_000,
    missing: "1.22.17",
    ok: true,
  },
  {
    context: "evil\x1b]0;title\x07",
    cluster: "",
    server: "",
    status: "unknown",
    trouble: `the cluster "nowhere" does not exist`,
    ok: false,
  },
];

const FINDINGS: readonly Finding[] = [
  { check: "configuration", status: "ok", finding: "every setting has its default" },
  {
    check: "PATH",
    status: "warning",
    finding: `"/usr/local/bin/kubectl" is not kuberlr`,
    hint:
      `"kuberlr link --dir /home/me/.local/bin" makes one; put that folder before "/usr/local/bin" in PATH`,
  },
  {
    check: "kubectls",
    status: "error",
    finding: `"${LOCAL}/kubectl1.30.2" is no longer what was downloaded, so it is not run`,
    hint: "Remove it; it is downloaded again when it is needed",
  },
];

function USE(): Explanation {
  return {
    server: "https://10.0.0.1:6443",
    context: "prod",
    cluster: "prod",
    user: "admin",
    local: false,
    version: { value: "v1.30.2-eks-1552ad0", source: "cache", ageSeconds: 300 },
    window: { oldest: "1.29", newest: "1.31" },
    candidates: [
      {
        path: `${LOCAL}/kubectl1.31.0`,
        version: "1.31.0",
        source: "local",
        verdict: "taken: one minor newer",
      },
      {
        path: "/usr/bin/kubectl1.27.1",
        version: "1.27.1",
        source: "system",
        verdict: "outside the window",
      },
    ],
    plan: {
      kind: "use",
      path: `${LOCAL}/kubectl1.31.0`,
      version: "1.31.0",
      reason: "it is inside the window",
    },
    origins: [
      { what: "context", from: "/home/me/.kube/config: current-context" },
      { what: "server", from: `/home/me/.kube/config: clusters["prod"].server` },
      { what: "proxy", from: "$HTTPS_PROXY" },
    ],
    files: [
      { path: "/etc/kuberlr.conf", found: false },
      { path: "/home/me/.kube/config", found: true },
    ],
    settings: [{ key: "Timeout", value: 2, origin: "KUBERLR_TIMEOUT" }],
    stages: [
      { name: "configuration", milliseconds: 0.4 },
      { name: "server version", milliseconds: 12.34 },
    ],
    warnings: [],
  };
}

function REFUSE(): Explanation {
  return {
    server: "",
    context: "",
    cluster: "",
    user: "",
    local: false,
    version: { value: "", source: "unknown", reason: `the context "gone" does not exist` },
    candidates: [],
    plan: {
      kind: "refuse",
      reason: "none is installed, and downloads are forbidden",
      hint: "Set AllowDownload",
    },
    pin: { kubectl: "1.29", context: "prod-*", origin: "/etc/kuberlr.conf" },
    origins: [],
    files: [],
    settings: [],
    stages: [],
    warnings: [],
    refused: `the context "gone" does not exist`,
  };
}
