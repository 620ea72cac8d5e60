/** Runs the script of the action setup-kuberlr with a release whose program is a shell script. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { parse } from "@std/yaml";
import { tarGz } from "../../tools/archive.ts";
import { sha256 } from "../../tools/digest.ts";

const ACTION = new URL("../../packaging/setup-kuberlr/action.yml", import.meta.url);
const ARCHIVE = "kuberlr-linux-amd64.tar.gz";
const unless = Deno.build.os === "linux" ? undefined : "it needs a Linux with bash";

async function install(env: Readonly<Record<string, string>> = {}) {
  const folder = await Deno.makeTempDir({ prefix: "kuberlr-action-" });
  try {
    await Deno.mkdir(`${folder}/release`);
    await Deno.mkdir(`${folder}/bin`);
    const program =
      '#!/bin/sh\nmkdir -p "$3" && cp "$0" "$3/kubectl" && echo "$1 ${GH_TOKEN-without a token}" > "$3/called"\n';
    const bytes = await tarGz([{
      path: "kuberlr-linux-amd64/kuberlr",
      mode: 0o755,
      bytes: new TextEncoder().encode(program),
    }], 0);
    await Deno.writeFile(`${folder}/release/${ARCHIVE}`, bytes);
    const digest = await sha256(bytes as Uint8Array<ArrayBuffer>);
    await Deno.writeTextFile(`${folder}/release/SHA256SUMS`, `${digest}  ${ARCHIVE}\n`);
    await Deno.writeTextFile(
      `${folder}/bin/gh`,
      `#!/bin/sh\ntest "$GH_TOKEN" = t && cp '${folder}'/release/* .\n`,
      {
        mode: 0o755,
      },
    );
    const action = parse(await Deno.readTextFile(ACTION), { schema: "core" }) as {
      readonly runs: { readonly steps: readonly { readonly run: string }[] };
    };
    const { success, stdout, stderr } = await new Deno.Command("bash", {
      args: ["-c", action.runs.steps[0]!.run],
      clearEnv: true,
      env: {
        PATH: `${folder}/bin:/usr/bin:/bin`,
        RUNNER_OS: "Linux",
        RUNNER_ARCH: "X64",
        RUNNER_TEMP: folder,
        GITHUB_PATH: `${folder}/path`,
        GITHUB_OUTPUT: `${folder}/output`,
        VERSION: "v1.2.3",
        REPOSITORY: "someone/kuberlr",
        SHA256: "",
        GH_TOKEN: "t",
        ...env,
      },
    }).output();
    const place = `${folder}/kuberlr/kuberlr-linux-amd64`;
    const read = (path: string) => {
      try {
        return Deno.readTextFileSync(path);
      } catch {
        return undefined;
      }
    };
    return {
      success,
      said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr),
      place,
      path: read(`${folder}/path`),
      called: read(`${place}/called`),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function actionTest(name: string, fn: () => Promise<void>): void {
  Deno.test({
    name: unless === undefined ? name : `${name} (ignored: ${unless})`,
    ignore: unless !== undefined,
    fn,
  });
}

actionTest("setup-kuberlr puts kuberlr and kubectl into PATH", async () => {
  const { success, said, place, path, called } = await install();
  assertEquals([success, path, called], [true, `${place}\n`, "link without a token\n"], said);
});

for (
  const { name, env, says } of [
    { name: "another digest than was asked for", env: { SHA256: "0".repeat(64) }, says: "SHA-256" },
    { name: "a processor without a kuberlr", env: { RUNNER_ARCH: "ARM" }, says: "on ARM" },
    { name: "a release without the archive", env: { RUNNER_ARCH: "ARM64" }, says: "linux-arm64" },
  ]
) {
  actionTest(`setup-kuberlr refuses ${name}, and runs nothing of it`, async () => {
    const { success, said, path, called } = await install(env);
    assertEquals([success, path, called], [false, undefined, undefined]);
    assertStringIncludes(said, says);
  });
}
