/**
 * `kuberlr skew VERSION`: explains a Kubernetes version string.
 *
 * @module
 */
import type { CommandRun } from "../cli/command_line.ts";
import { KuberlrError } from "../errors.ts";
import type { Host } from "../ports/host.ts";
import { redactArgument } from "../output/redact.ts";
import { sanitize } from "../output/report.ts";
import { reportSkew, type SkewReport, type Support } from "../version/skew_report.ts";
import { renderTerms } from "../output/terms.ts";
import { parseVersionString } from "../version/version_string.ts";
import { printJson } from "./output.ts";

/** @throws {KuberlrError} `usage`: this is not a version */
export function skew(
  { flags, operands }: CommandRun,
  host: Pick<Host, "terminal" | "clock">,
): number {
  const [input = ""] = operands;
  const version = parseVersionString(input);
  if (version === undefined) {
    throw new KuberlrError("usage", `"${redactArgument(input)}" is not a Kubernetes version`, {
      hint: `It should look like "v1.30.2"; "kuberlr help skew" has more`,
    });
  }
  const json = flags["output"] === "json";
  if (version.kind === "unstamped") {
    const { commit, dirty } = version;
    const explanation = "A build without a version: it may be any release";
    if (json) {
      printJson({ input, ...(commit !== undefined && { commit }), dirty, explanation }, host);
    } else {
      host.terminal.stdout.write(render([
        ["version", "unknown"],
        ["", explanation],
        ["commit", commit],
        ["dirty", dirty ? "yes: the tree had changes" : undefined],
      ], host));
    }
    return 0;
  }
  const report = reportSkew(
    input.trim(),
    version,
    new Date(host.clock.nowMs()).toISOString().slice(0, 10),
  );
  if (json) printJson(report, host);
  else host.terminal.stdout.write(render(rowsOf(report), host));
  return 0;
}

function rowsOf(report: SkewReport): readonly Row[] {
  const { clientGo, kubectl, preRelease, commitsSinceTag, commit, vendor } = report;
  const tag = `v${report.release}${preRelease === undefined ? "" : `-${preRelease}`}`;
  return [
    [
      "release",
      `${report.release}${preRelease === undefined ? "" : `, pre-release ${preRelease}`}`,
    ],
    [
      "commits",
      commitsSinceTag === undefined ? undefined : `${commitsSinceTag} after the tag ${tag}`,
    ],
    ["commit", commit],
    ["dirty", report.dirty ? "yes: the tree had changes when it was built" : undefined],
    ["vendor", vendor],
    ["kubectl", `${kubectl.oldest} to ${kubectl.newest}`],
    ["k8s.io/*", report.goModule],
    ["tag", [report.kubernetesTag, clientGo.alsoTagged].filter(Boolean).join(", also ")],
    ["client-go", clientGo.major],
    [clientGo.major === undefined ? "client-go" : "", clientGo.compatibility],
    ["support", renderSupport(report.support)],
  ];
}

function renderSupport({ status, released, endOfLife, newestPatch, knownOn }: Support): string {
  const asOf = `as of ${knownOn}`;
  switch (status) {
    case "supported":
      return `until ${endOfLife}; released ${released}, newest patch ${newestPatch} (${asOf})`;
    case "maintenance":
      return `in maintenance until ${endOfLife}; released ${released}, newest patch ${newestPatch} (${asOf})`;
    case "ended":
      return `ended${
        endOfLife === undefined ? "" : ` ${endOfLife}`
      }; released ${released}, last patch ${newestPatch} (${asOf})`;
    case "unreleased":
      return `not released (${asOf})`;
    case "unknown":
      return `unknown (${asOf})`;
  }
}

type Row = readonly [label: string, text: string | undefined];

function render(rows: readonly Row[], { terminal }: Pick<Host, "terminal">): string {
  const terms = rows.flatMap(([term, text]) =>
    text === undefined ? [] : [{ term, text: sanitize(text) }]
  );
  return renderTerms(terms, terminal.stdout.columns() ?? Infinity, "").map((line) => `${line}\n`)
    .join(
      "",
    );
}
