/**
 * Asks every mirror for the newest release, and reports if this kuberlr is older than its minor.
 *
 * @module
 */
import type { Config } from "../config/config.ts";
import type { Finding } from "./findings.ts";
import { isFromUrl } from "./inspect_launcher.ts";
import type { Failed } from "../mirror/answer.ts";
import { quoteShellWord } from "../output/shell_word.ts";
import type { Host } from "../ports/host.ts";
import { newestMinors } from "../version/kubernetes_releases.ts";
import { parseVersion, type Version } from "../version/version.ts";

export interface MirrorReport {
  readonly findings: readonly Finding[];
  /** Why nothing can be downloaded, if every mirror failed. */
  readonly failure: Pick<Failed, "reason" | "hint"> | undefined;
}

export async function inspectMirrors(config: Config, host: Host): Promise<MirrorReport> {
  if (!config.allowDownload) {
    return {
      findings: [{ check: "mirror", status: "ok", finding: "not asked: AllowDownload is false" }],
      failure: undefined,
    };
  }
  const { openMirrors } = await import("../mirror/steps/open_mirrors.ts");
  const { fetchMarker } = await import("../mirror/steps/fetch_kubectl.ts");
  const findings: Finding[] = [];
  const failures: Failed[] = [];
  let isAnswering = false;
  try {
    for (const source of openMirrors(config, { stallMs: STALL_MS }, host)) {
      const { base } = source.binaries.mirror;
      const got = await fetchMarker(undefined, [source], host);
      if (got.kind === "failed") failures.push(got);
      else isAnswering = true;
      if (got.kind === "got" && isNewerThanKnown(got.value)) {
        findings.push(reportAge(got.value, host));
      }
      findings.push(
        got.kind === "got" ? { check: "mirror", status: "ok", finding: `"${base}" answers` } : {
          check: "mirror",
          status: "warning",
          finding: got.reason,
          hint: (got.kind === "failed" ? got.hint : undefined) ??
            `Check KubeMirrorUrl, which "kuberlr config" shows`,
        },
      );
    }
  } finally {
    host.downloads.close();
  }
  return { findings, failure: isAnswering ? undefined : failures.at(-1) };
}

const STALL_MS = 5_000;

/** Returns true if a release has a newer minor than this kuberlr knows. */
function isNewerThanKnown({ major, minor }: Version): boolean {
  const known = parseVersion(`${newestMinors(1)[0]}.0`);
  return known !== undefined &&
    (major > known.major || (major === known.major && minor > known.minor));
}

function reportAge(release: Version, { program }: Host): Finding {
  const start = program.startCommand();
  return {
    check: "kuberlr",
    status: "warning",
    finding: `This kuberlr is older than Kubernetes ${release.major}.${release.minor}`,
    hint: isFromUrl(start)
      ? `Deno caches a URL forever; to download it again: deno cache -r ${
        quoteShellWord(start.module)
      }`
      : "Look for a newer one: https://github.com/kuberlr/kuberlr/releases",
  };
}
