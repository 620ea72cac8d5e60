/**
 * `deno task compile`: writes the single file, and executables of the same code, into dist/. They
 * depend only on the commit: two builds of one commit are equal, byte for byte.
 *
 * ```sh
 * deno task compile                        # for this machine
 * deno task compile --target linux-arm64
 * deno task compile --all                  # for every platform, with archives and SHA256SUMS
 * ```
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import type { BuildInfo } from "../lib/build_info.ts";
import config from "../deno.json" with { type: "json" };
import { type ArchiveEntry, tarGz, zip } from "./archive.ts";
import { bundle, bundleModules } from "./bundle.ts";
import { makeDeb } from "./deb.ts";
import { listDependencies, renderLicenses } from "./dependencies.ts";
import { sha256 } from "./digest.ts";
import { findUnexpectedSettings, readMetadata } from "./embedded.ts";
import { type LinuxPackage, linuxPackage, packageName } from "./linux_package.ts";
import { type ReleasedFile, releasedFiles } from "./released_files.ts";
import { makeRpm } from "./rpm.ts";
import { ARCHIVE, readStamp } from "./stamp.ts";
import {
  archiveName,
  executableName,
  folderName,
  ownTarget,
  parseTarget,
  type Target,
  TARGETS,
} from "./targets.ts";

export interface Compiler {
  /** The `deno` that compiles. */
  readonly deno: string;
  /** Variables that are added to the environment. */
  readonly env: Readonly<Record<string, string>>;
}

const ROOT = new URL("..", import.meta.url);

/** The repository that packages name as their home page. */
const REPOSITORY = "kuberlr/kuberlr";

/** Writes `<folder>/kuberlr.js`, stamped and with the time of the build; returns its path. */
export async function makeSingleFile(folder: string, epochSeconds: number): Promise<string> {
  const path = `${folder}/kuberlr.js`;
  await Deno.mkdir(folder, { recursive: true });
  await bundle(path, await stampAt(epochSeconds));
  await Deno.utime(path, epochSeconds, epochSeconds);
  return path;
}

/**
 * Writes the same program as modules into a new folder, for {@linkcode compileExecutable}; returns
 * the path of the entry.
 */
export async function makeModules(folder: string, epochSeconds: number): Promise<string> {
  const paths = await bundleModules(folder, await stampAt(epochSeconds));
  for (const path of paths) await Deno.utime(path, epochSeconds, epochSeconds);
  return paths[0]!;
}

async function stampAt(epochSeconds: number): Promise<BuildInfo> {
  const env = { ...Deno.env.toObject(), SOURCE_DATE_EPOCH: `${epochSeconds}` };
  return await readStamp(rootPath(), ARCHIVE, env);
}

/** @throws {Error} it cannot be compiled, or has unexpected settings (tools/embedded.ts) */
export async function compileExecutable(
  script: string,
  output: string,
  target: Target,
  { deno, env }: Compiler,
): Promise<void> {
  const command = new Deno.Command(deno, {
    args: [
      "compile",
      "--quiet",
      "--no-check",
      "--no-config",
      "--no-lock",
      "--allow-all",
      "--no-prompt",
      // The code cache would be in a folder that every user can write, and would be trusted.
      "--no-code-cache",
      "--target",
      target.triple,
      "--output",
      output,
      script,
    ],
    clearEnv: true,
    env: { ...compileEnv(), ...env },
  });
  const { success, stderr } = await command.output();
  if (!success) throw new Error(`Cannot compile: ${new TextDecoder().decode(stderr)}`);
  const unexpected = findUnexpectedSettings(readMetadata(await Deno.readFile(output)));
  if (unexpected.length > 0) {
    await Deno.remove(output);
    throw new Error(`Cannot compile: ${unexpected.join(", ")}`);
  }
}

/** Writes `<folder>/THIRD-PARTY-LICENSES`, which goes with every copy; returns its path. */
export async function makeLicenses(folder: string): Promise<string> {
  const path = `${folder}/THIRD-PARTY-LICENSES`;
  await Deno.writeTextFile(path, renderLicenses(await listDependencies()));
  return path;
}

/** Writes the archive of an executable and the files beside it; returns its path. */
export async function makeArchive(
  files: readonly ReleasedFile[],
  target: Target,
  folder: string,
  epochSeconds: number,
): Promise<string> {
  const path = `${folder}/${archiveName(target)}`;
  const entries: readonly ArchiveEntry[] = files.flatMap(({ archive, mode, bytes }) =>
    archive === undefined ? [] : [{ path: `${folderName(target)}/${archive}`, mode, bytes }]
  );
  const bytes = target.os === "windows"
    ? zip(entries, epochSeconds)
    : await tarGz(entries, epochSeconds);
  await Deno.writeFile(path, bytes);
  return path;
}

/** Writes a .deb and an .rpm; returns their paths. */
export async function makePackages(
  content: LinuxPackage,
  target: Target,
  folder: string,
): Promise<readonly string[]> {
  const deb = `${folder}/${packageName(target, "deb")}`;
  const rpm = `${folder}/${packageName(target, "rpm")}`;
  await Deno.writeFile(deb, await makeDeb(content));
  await Deno.writeFile(rpm, await makeRpm(content));
  return [deb, rpm];
}

/** Returns the checksums in the format of `sha256sum`, sorted by name. */
export async function renderChecksums(paths: readonly string[]): Promise<string> {
  const lines = await Promise.all(paths.map(async (path) => {
    const digest = await sha256(await Deno.readFile(path));
    return `${digest}  ${path.slice(path.lastIndexOf("/") + 1)}\n`;
  }));
  return lines.toSorted((a, b) => a.slice(66) < b.slice(66) ? -1 : 1).join("");
}

/**
 * Returns `SOURCE_DATE_EPOCH`, or else the time of the commit, or else the current time, in seconds
 * since the epoch.
 */
export async function buildTime(): Promise<number> {
  const given = Number(Deno.env.get("SOURCE_DATE_EPOCH") || NaN);
  if (!Number.isNaN(given)) return given;
  try {
    const { success, stdout } = await new Deno.Command("git", {
      args: ["-C", rootPath(), "log", "-1", "--format=%ct"],
      stderr: "null",
    }).output();
    if (success) return Number(new TextDecoder().decode(stdout));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return Math.floor(Date.now() / 1000);
}

/**
 * Returns the environment without the variables that `deno compile` would write into the executable
 * (flags of V8, certificate authorities, telemetry).
 */
function compileEnv(): Record<string, string> {
  const kept = Object.entries(Deno.env.toObject())
    .filter(([name]) => !/^(DENO_|OTEL_)/.test(name) || name === "DENO_DIR");
  return Object.fromEntries(kept);
}

function rootPath(): string {
  const path = decodeURIComponent(ROOT.pathname);
  return Deno.build.os === "windows" ? path.slice(1) : path;
}

async function main(args: readonly string[]): Promise<void> {
  const { target, all, output } = parseArgs(args, {
    boolean: ["all"],
    string: ["target", "output"],
    unknown: (word) => {
      throw new Error(`Cannot compile: unknown argument "${word}"`);
    },
  });
  const folder = output || "dist";
  const targets = all ? TARGETS : [target ? parseTarget(target) : ownTarget()];
  const epochSeconds = await buildTime();
  const script = await makeSingleFile(folder, epochSeconds);
  const modules = await Deno.makeTempDir({ prefix: "kuberlr-modules-" });
  const entry = await makeModules(`${modules}/kuberlr`, epochSeconds);
  const licenses = await makeLicenses(folder);
  const made = [script, licenses];
  for (const each of targets) {
    const executable = `${folder}/${executableName(each)}`;
    await compileExecutable(entry, executable, each, { deno: Deno.execPath(), env: {} });
    const files = await releasedFiles(each, {
      executable: await Deno.readFile(executable),
      licenses: await Deno.readTextFile(licenses),
      version: config.version,
      epochSeconds,
    });
    made.push(await makeArchive(files, each, folder, epochSeconds));
    if (each.os !== "linux") continue;
    const content = linuxPackage(files, {
      target: each,
      version: config.version,
      repository: REPOSITORY,
      epochSeconds,
    });
    made.push(...await makePackages(content, each, folder));
  }
  await Deno.remove(modules, { recursive: true });
  const checksums = await renderChecksums(made);
  await Deno.writeTextFile(`${folder}/SHA256SUMS`, checksums);
  await Deno.stdout.write(new TextEncoder().encode(checksums));
}

if (import.meta.main) await main(Deno.args);
