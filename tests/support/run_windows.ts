/**
 * `deno task test:windows`: runs the tests with `deno.exe`, on Windows itself or under Wine.
 * Arguments go to `deno test`.
 *
 * Tests name the gaps of Wine that concern them (`KUBERLR_WINE`).
 *
 * @module
 */
import { compileStandIn, StandInUnavailable } from "./stand_in.ts";
import {
  cacheDependencies,
  cacheWithKubectl,
  denoFor,
  INSIDE,
  type Lack,
  lacksOfTree,
  reportLacks,
  runInTree,
} from "./trees.ts";

const VARIABLE = "KUBERLR_WINDOWS_TREE";
/** Wine 8 of Debian 12 does not start `deno.exe`. */
const RECIPE =
  "debootstrap --variant=minbase --include=wine64,wine,ca-certificates trixie DIR (1.4 GB)";

/** The esbuild release that this Deno bundles with. */
const ESBUILD = "0.25.5";

/** The folder where the tests look for real kubectls. */
const LINK_CACHE = `ln -s /srv/cache "$WINEPREFIX/drive_c/users/root/AppData/Local/kuberlr-dev"`;

async function main(args: readonly string[]): Promise<number> {
  const tests = args.length > 0 ? args : ["tests/"];
  const command = ["test", "-A", "--no-check", "--preload=tests/support/preload.ts", ...tests];
  if (Deno.build.os === "windows") {
    return (await new Deno.Command(Deno.execPath(), { args: command }).spawn().status).code;
  }
  const lacks: Lack[] = [...lacksOfTree(VARIABLE, RECIPE, "/usr/bin/wine")];
  let standIn = "";
  try {
    standIn = compileStandIn("windows");
  } catch (error) {
    if (!(error instanceof StandInUnavailable)) throw error;
    lacks.push({ what: "a stand-in kubectl", how: `install Go (${error.message})` });
  }
  if (lacks.length > 0) return reportLacks("test:windows", lacks);
  const tree = Deno.env.get(VARIABLE)!;
  Deno.writeTextFileSync(`${tree}/etc/hosts`, "127.0.0.1 localhost\n::1 localhost\n");
  const cache = await cacheWithKubectl("windows", "amd64");
  await cacheDependencies(`npm:@esbuild/win32-x64@${ESBUILD}`);
  // Two sessions that share a prefix block each other.
  const prefix = Deno.makeTempDirSync({ dir: `${tree}/tmp`, prefix: "prefix-" });
  try {
    return await runInTree({
      tree,
      binds: {
        "/srv/deno.exe": await denoFor("win32-x64", "deno.exe"),
        "/srv/stand-in.exe": standIn,
        ...(cache !== undefined && { "/srv/cache": cache }),
      },
      env: {
        HOME: "/root",
        PATH: "/usr/bin:/bin",
        LANG: "C.UTF-8",
        XDG_RUNTIME_DIR: "/tmp",
        WINEDEBUG: "-all",
        WINEPREFIX: prefix.slice(tree.length),
        DENO_DIR: `Z:${INSIDE.denoDir.replaceAll("/", "\\")}`,
        DENO_NO_UPDATE_CHECK: "1",
        NO_COLOR: "1",
        KUBERLR_STAND_IN: "Z:\\srv\\stand-in.exe",
        KUBERLR_WINE: "1",
        TEST_LIMIT_MS: "300000",
      },
    }, [
      "sh",
      "-c",
      `wineboot -i >/dev/null 2>&1; ${LINK_CACHE}; exec wine "$@"`,
      "sh",
      "/srv/deno.exe",
      ...command,
    ]);
  } finally {
    Deno.removeSync(prefix, { recursive: true });
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
