/**
 * The output of `kuberlr explain`: the files, the server, its version, the kubectls, and why one
 * was chosen. Every line names its source.
 *
 * @module
 */
import type { Setting } from "../config/config.ts";
import { sanitize } from "../output/report.ts";
import { type Cell, paint, renderTable, type TableStyle } from "../output/table.ts";
import { renderTerms, type Term } from "../output/terms.ts";
import { textWidth, wrapText } from "../output/text_width.ts";

/** The output of `kuberlr explain -o json`. */
export interface Explanation {
  /** The names in the kubeconfig; `""` if there is none. */
  readonly server: string;
  readonly context: string;
  readonly cluster: string;
  readonly user: string;
  /** The command contacts no server. */
  readonly local: boolean;
  /** Why the command contacts no server. */
  readonly localReason?: string;
  readonly version: {
    /** The server's `gitVersion`; `""` if unknown. */
    readonly value: string;
    readonly source: "probe" | "cache" | "stale" | "unknown";
    readonly ageSeconds?: number;
    readonly reason?: string;
  };
  /** The oldest and newest minor inside the version skew policy. */
  readonly window?: { readonly oldest: string; readonly newest: string };
  readonly candidates: readonly {
    readonly path: string;
    readonly version: string;
    readonly source: "local" | "system";
    readonly verdict: string;
  }[];
  /** A kubectl that kuberlr does not choose by itself, and the command that runs it. */
  readonly unversioned?: { readonly path: string; readonly command: string };
  readonly plan: ExplainedPlan;
  /**
   * `follows`: the launcher would now run the remembered kubectl. Absent if PATH finds no launcher.
   */
  readonly launcher?: { readonly follows: boolean; readonly reason?: string };
  readonly pin?: { readonly kubectl: string; readonly context?: string; readonly origin: string };
  /** The sources of context, cluster, user, server and proxy. */
  readonly origins: readonly { readonly what: string; readonly from: string }[];
  /** The files that were looked for, and whether they exist. */
  readonly files: readonly { readonly path: string; readonly found: boolean }[];
  /** The settings that are not the default. */
  readonly settings: readonly Setting[];
  readonly stages: readonly { readonly name: string; readonly milliseconds: number }[];
  readonly warnings: readonly string[];
  /** Why kubectl will refuse the kubeconfig or its flags. */
  readonly refused?: string;
  /** A hint how to change that. */
  readonly refusedHint?: string;
  /** Why only kubectl reads the kubeconfig. */
  readonly leftToKubectl?: string;
}

export interface ExplainedPlan {
  readonly kind: "use" | "download" | "refuse";
  readonly path?: string;
  readonly version?: string;
  readonly reason: string;
  readonly warning?: string;
  readonly hint?: string;
}

export function renderExplanation(explanation: Explanation, style: TableStyle): string {
  const { color, width } = style;
  const columns = width ?? Infinity;
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    [
      "Files",
      pairs(explanation.files.map(({ path, found }) => [found ? "read" : "absent", path]), columns),
    ],
    [
      "Settings",
      pairs(
        explanation.settings.map(({ key, value, origin }) => [
          key,
          `${JSON.stringify(value)}, by ${origin}`,
        ]),
        columns,
      ),
    ],
    ["Server", pairs(serverLines(explanation), columns)],
    ["Version", pairs(versionLines(explanation), columns)],
    ["Kubectls", [
      ...candidateLines(explanation, style),
      ...unversionedLines(explanation, columns),
    ]],
    ["Decision", pairs([...planLines(explanation.plan), ...launcherLines(explanation)], columns)],
    ["Time", pairs(timeLines(explanation), columns)],
  ];
  return sections.filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => [paint(title, "title", color), ...lines, ""].join("\n")).join("\n");
}

/** Returns `3 s`, `5 min`, `2 h` or `4 d`. */
export function formatAge(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

type Pair = readonly [term: string, text: string];

function pairs(lines: readonly Pair[], columns: number): readonly string[] {
  const terms = lines.map(([term, text]): Term => ({ term: sanitize(term), text: sanitize(text) }));
  return renderTerms(terms, columns);
}

function serverLines(explanation: Explanation): readonly Pair[] {
  const { context, cluster, user, server, origins, refused, local, localReason } = explanation;
  const { refusedHint: hint } = explanation;
  const from = (what: string) => origins.find((origin) => origin.what === what)?.from;
  const named = ([what, name]: readonly [string, string]): readonly Pair[] => {
    const origin = from(what);
    if (name === "" && origin === undefined) return [];
    return [[what, name === "" ? "none" : name + (origin === undefined ? "" : `, by ${origin}`)]];
  };
  const proxy = from("proxy");
  return [
    ...(local ? [["command", `needs no server: ${localReason ?? "it is local"}`] as const] : []),
    ...([["context", context], ["cluster", cluster], ["user", user], ["server", server]] as const)
      .flatMap(named),
    ...(proxy === undefined ? [] : [["proxy", `by ${proxy}`] as const]),
    ...(refused === undefined ? [] : [["refused", `kubectl will say: ${refused}`] as const]),
    ...(hint === undefined ? [] : [["hint", hint] as const]),
    ...(explanation.leftToKubectl === undefined ? [] : [
      [
        "kubeconfig",
        `${explanation.leftToKubectl}: only kubectl reads it; KUBERLR_KUBECTL pins a version`,
      ] as const,
    ]),
  ];
}

function versionLines({ version, window, pin }: Explanation): readonly Pair[] {
  const { value, source, ageSeconds = 0, reason } = version;
  const age = formatAge(ageSeconds);
  const known = {
    probe: `${value}, by asking the server`,
    cache: `${value}, remembered for ${age}`,
    stale: `${value}, remembered for ${age}: the server does not answer`,
    unknown: `unknown${reason === undefined ? "" : `: ${reason}`}`,
  }[source];
  const scope = pin?.context === undefined ? "" : ` for the contexts "${pin.context}"`;
  return [
    ["version", known],
    ...(window === undefined ? [] : [
      [
        "window",
        `kubectl ${window.oldest} to ${window.newest}, by the version skew policy`,
      ] as const,
    ]),
    ...(pin === undefined ? [] : [["pin", `${pin.kubectl}${scope}, by ${pin.origin}`] as const]),
  ];
}

function candidateLines(
  { candidates, plan }: Explanation,
  { width, color }: TableStyle,
): readonly string[] {
  if (candidates.length === 0) return ["  none"];
  const rows = candidates.map(({ version, source, path, verdict }): readonly Cell[] => {
    const tone = plan.kind === "use" && path === plan.path ? "good" : undefined;
    return [version, source, path, verdict].map((text) =>
      tone === undefined ? { text } : { text, tone }
    );
  });
  const table = renderTable(
    [
      { title: "VERSION", cut: "never" },
      { title: "SOURCE", cut: "never" },
      { title: "PATH", cut: "middle" },
      { title: "VERDICT", cut: "never", wrapBelow: true },
    ],
    rows,
    { width: width === undefined ? undefined : Math.max(1, width - 2), color },
  );
  return table.trimEnd().split("\n").map((line) => (line === "" ? "" : `  ${line}`));
}

function unversionedLines({ unversioned }: Explanation, columns: number): readonly string[] {
  if (unversioned === undefined) return [];
  const { path, command } = unversioned;
  const text = `"${path}" has no version in its name and is not chosen; to run it: ${command}`;
  return wrapText(sanitize(text), columns - 2).map((line) => `  ${line}`);
}

function planLines({ kind, path, version, reason, warning, hint }: ExplainedPlan): readonly Pair[] {
  const what = {
    use: path ?? "",
    download: version === "stable" ? "the stable kubectl" : `kubectl ${version ?? ""}`,
    refuse: "no kubectl",
  }[kind];
  return [
    [kind, what],
    ["because", reason],
    ...(warning === undefined ? [] : [["warning", warning] as const]),
    ...(hint === undefined ? [] : [["hint", hint] as const]),
  ];
}

function launcherLines({ launcher }: Explanation): readonly Pair[] {
  if (launcher === undefined) return [];
  const { follows, reason } = launcher;
  return [["launcher", follows ? "runs it by itself" : `starts kuberlr: ${reason}`]];
}

function timeLines({ stages }: Explanation): readonly Pair[] {
  const total = stages.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const shown = [...stages, { name: "in all", milliseconds: total }]
    .map(({ name, milliseconds }) => ({ name, text: `${milliseconds.toFixed(1)} ms` }));
  const widest = Math.max(...shown.map(({ text }) => textWidth(text)));
  return shown.map(({ name, text }) => [name, text.padStart(widest)]);
}
