/**
 * `kuberlr bins`: the installed kubectls.
 *
 * @module
 */
import type { CommandRun } from "../cli/command_line.ts";
import type { Binary } from "../kubectls/binaries.ts";
import type { Host } from "../ports/host.ts";
import { placeOf } from "../files/layout.ts";
import { addTemporaryPlaces, findPlaces } from "../files/steps/find_places.ts";
import { listBinaries } from "../kubectls/steps/list_binaries.ts";
import { loadConfig } from "../config/steps/load_config.ts";
import { recheckSignature, type SignatureState } from "../signature/steps/recheck_signature.ts";
import type { Receipt } from "../kubectls/receipt.ts";
import { loadReceipt } from "../kubectls/steps/load_receipt.ts";
import { formatVersion } from "../version/version.ts";
import { printJson, printNote, printTable, printWarnings } from "./output.ts";

/** The entry of a kubectl in `-o json`. */
interface Listed {
  readonly version: string;
  readonly path: string;
  readonly source: Binary["source"];
  /** The digest that it was verified against when kuberlr installed it. */
  readonly digest: Receipt["digestFrom"] | "none";
  readonly signature: SignatureState["kind"];
}

export async function bins(
  { flags }: CommandRun,
  host: Pick<
    Host,
    "files" | "env" | "platform" | "program" | "signatures" | "store" | "terminal"
  >,
): Promise<number> {
  const { config, warnings } = await loadConfig(host);
  printWarnings(warnings, config, host);
  const { trusted } = addTemporaryPlaces(findPlaces(host), host);
  const found = listBinaries(config, trusted, host);
  const binaries: Listed[] = [];
  for (const binary of found.binaries) {
    const { version, path, source } = binary;
    const place = placeOf(path, trusted, host.platform);
    const { kind: signature } = place === undefined
      ? { kind: "none" } as const
      : await recheckSignature(binary, place, host);
    const receipt = place === undefined ? undefined : loadReceipt(binary, place, host);
    const digest = receipt?.digestFrom ?? "none";
    binaries.push({ version: formatVersion(version), path, source, digest, signature });
  }
  if (flags["output"] === "json") {
    printJson(binaries, host);
    return 0;
  }
  // Without any signature, the column is left out.
  const signed = binaries.some(({ signature }) => signature !== "none");
  printTable(
    [
      { title: "VERSION", cut: "never" },
      { title: "SOURCE", cut: "never" },
      { title: "DIGEST", cut: "never" },
      ...(signed ? [{ title: "SIGNATURE", cut: "never" } as const] : []),
      { title: "PATH", cut: "middle" },
    ],
    binaries.map(({ version, source, digest, signature, path }) => [
      { text: version },
      { text: source },
      { text: digest },
      ...(signed ? [{ text: signature }] : []),
      { text: path },
    ]),
    config,
    host,
  );
  if (binaries.length === 0) {
    printNote(`No kubectl is installed; "kuberlr get stable" downloads the newest`, config, host);
  }
  return 0;
}
