/**
 * Checks the installed kubectls: their bytes, their signatures, and who may change them.
 *
 * @module
 */
import type { Config } from "../config/config.ts";
import { placeOf } from "../files/layout.ts";
import { addTemporaryPlaces, findPlaces } from "../files/steps/find_places.ts";
import type { Finding } from "./findings.ts";
import { listBinaries } from "../kubectls/steps/list_binaries.ts";
import { findSystemObjection, verifyInstalled } from "../kubectls/steps/verify_installed.ts";
import { quoteShellWord } from "../output/shell_word.ts";
import type { Host } from "../ports/host.ts";
import { commandWith } from "../resolver/advice.ts";
import { findUnversioned } from "../resolver/steps/find_unversioned.ts";
import { recheckSignature } from "../signature/steps/recheck_signature.ts";

export async function inspectKubectls(
  config: Pick<Config, "systemPath" | "verifySignature">,
  host: Host,
): Promise<readonly Finding[]> {
  const { trusted } = addTemporaryPlaces(findPlaces(host), host);
  const { binaries, unusable } = listBinaries(config, trusted, host);
  const findings: Finding[] = [];
  const local = binaries.filter(({ source }) => source === "local");
  let droppedIn = 0;
  let verified = 0;
  for (const binary of local) {
    const place = placeOf(binary.path, trusted, host.platform);
    if (place === undefined) continue;
    const { kind } = await verifyInstalled(binary, { place }, host);
    if (kind === "dropped-in") droppedIn++;
    const signature = await recheckSignature(binary, place, host);
    if (signature.kind === "verified") verified++;
    const flaw = kind === "changed"
      ? "is no longer what was downloaded, so it is not run"
      : signature.kind === "invalid"
      ? `was signed when it was installed, but now its signature ${signature.reason}`
      : undefined;
    if (flaw === undefined) continue;
    findings.push({
      check: "kubectls",
      status: "error",
      finding: `"${binary.path}" ${flaw}`,
      hint: "Remove it; it is downloaded again when it is needed",
    });
  }
  for (const { path, source } of binaries) {
    const objection = source === "system" ? findSystemObjection(path, host) : undefined;
    if (objection === undefined) continue;
    findings.push({
      check: "kubectls",
      status: "warning",
      finding: `"${path}" ${objection.reason}, and is not run`,
      hint: `Run "chmod o-w ${
        quoteShellWord(objection.open)
      }", or remove the folder from SystemPath`,
    });
  }
  for (const { path, reason } of unusable) {
    // The check of the folders reports the other reasons.
    if (reason !== "is not executable") continue;
    findings.push({
      check: "kubectls",
      status: "warning",
      finding: `"${path}" ${reason}, and is not run`,
      hint: `Run "chmod a+rx ${quoteShellWord(path)}", or remove it`,
    });
  }
  const others = describeUnversioned(config, host);
  if (findings.length > 0) return [...others, ...findings];
  const signed = verified > 0 || config.verifySignature !== "off"
    ? `, ${verified} with a valid signature`
    : "";
  return [{
    check: "kubectls",
    status: "ok",
    finding:
      `${local.length} in kuberlr's folder (${droppedIn} not installed by kuberlr${signed}), ` +
      `${binaries.length - local.length} in SystemPath`,
  }, ...others];
}

/** Reports a kubectl without a version in its name, which runs only if it is pinned. */
function describeUnversioned(
  config: Pick<Config, "systemPath">,
  host: Host,
): readonly Finding[] {
  const path = findUnversioned(config, host);
  return path === undefined ? [] : [{
    check: "kubectls",
    status: "ok",
    finding: `"${path}" has no version in its name, so kuberlr does not choose it`,
    hint: `To run it: ${commandWith(path, host.platform.os)}`,
  }];
}
