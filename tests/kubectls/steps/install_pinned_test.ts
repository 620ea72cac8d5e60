/** Releases whose digest kuberlr carries: the mirror cannot change their bytes. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { KuberlrError } from "../../../lib/errors.ts";
import { parseReceipt } from "../../../lib/kubectls/receipt.ts";
import { installKubectl } from "../../../lib/kubectls/steps/install_kubectl.ts";
import { findPinnedDigest } from "../../../lib/mirror/digests.ts";
import {
  type InstallWorld,
  installWorld,
  mirrorConfig,
  version,
  wanted,
} from "../../support/install_world.ts";
import { startMirror } from "../../support/mirror.ts";
import { isChecksum } from "../../support/mirror_faults.ts";
import { elfBytes } from "../../support/mirror_files.ts";
import { hexDigest, realKubectlTest } from "../../support/real_kubectls.ts";

const BYTES = elfBytes(50_000);
const LINUX = { os: "linux", arch: "amd64" } as const;

function install(text: string, world: InstallWorld, url: string, verbosity = 0) {
  const config = {
    ...mirrorConfig(url),
    digests: "pinned",
    // A later install asks again.
    unreachableTtlSeconds: 0,
    verbosity,
  } as const;
  return installKubectl(wanted(text), config, {
    platform: LINUX,
    directory: `${world.home}/out`,
  }, world.host);
}

Deno.test("findPinnedDigest() knows a release by its whole number and platform", () => {
  const known = findPinnedDigest(version("1.30.2"), LINUX);
  assertEquals(/^[\da-f]{64}$/.test(known ?? ""), true);
  assertEquals(findPinnedDigest(version("1.30.20"), LINUX), undefined);
  assertEquals(findPinnedDigest(version("1.3.0"), LINUX), undefined);
  assertEquals(findPinnedDigest(version("1.30.2-rc.1"), LINUX), undefined);
});

Deno.test("installKubectl() refuses other bytes than upstream's, though the mirror's checksum fits", async () => {
  using world = installWorld();
  await using mirror = await startMirror({ kubectls: [{ version: "1.30.2", bytes: BYTES }] });
  const { code, message, hint } = await assertRejects(
    () => install("1.30.2", world, mirror.url),
    KuberlrError,
  );
  assertEquals(code, "checksum-mismatch");
  const [actual, due] = [
    await hexDigest("SHA-256", BYTES),
    findPinnedDigest(version("1.30.2"), LINUX),
  ];
  assertStringIncludes(
    message,
    `sha256 ${actual.slice(0, 12)}…, not upstream's ${due?.slice(0, 12)}…`,
  );
  assertStringIncludes(hint ?? "", `Digests = "mirror"`);
  assertEquals(mirror.requests.filter(isChecksum), []);
  assertEquals([...Deno.readDirSync(`${world.home}/out`)], []);

  const verbose = await assertRejects(() => install("1.30.2", world, mirror.url, 1), KuberlrError);
  assertStringIncludes(verbose.message, actual);
});

Deno.test("installKubectl() takes the mirror's word for a release that is not pinned", async () => {
  using world = installWorld();
  await using mirror = await startMirror({ kubectls: [{ version: "1.99.0", bytes: BYTES }] });
  const { path } = await install("1.99.0", world, mirror.url);
  assertEquals(Deno.readFileSync(path).length, BYTES.length);
});

await realKubectlTest(
  "installKubectl() takes upstream's bytes, though the mirror's checksum does not fit",
  ["1.30.0"],
  async ([kubectl]) => {
    using world = installWorld();
    // For other platforms, the table has only the newest patches.
    if (findPinnedDigest(version("1.30.0"), world.host.platform) === undefined) return;
    await using mirror = await startMirror({
      kubectls: [{ version: "1.30.0", path: kubectl.path }],
      fault: (request) =>
        isChecksum(request) ? { kind: "answer", status: 200, body: "0".repeat(128) } : undefined,
    });
    const config = { ...mirrorConfig(mirror.url), digests: "pinned" } as const;
    await installKubectl(wanted("1.30.0"), config, {}, world.host);
    assertEquals(world.kubectls(), ["kubectl1.30.0"]);
    const text = Deno.readTextFileSync(`${world.layout.receipts}/1.30.0.json`);
    const { algorithm, digestFrom } = parseReceipt(text) ?? {};
    assertEquals({ algorithm, digestFrom }, { algorithm: "sha256", digestFrom: "pinned" });
    assertEquals(mirror.requests.length, 1);

    // A mirror made from it also serves Go kuberlr, which asks for a sha512.
    const { path } = await installKubectl(wanted("1.30.0"), config, {
      directory: `${world.home}/mirror`,
      asMirror: true,
    }, world.host);
    assertEquals(Deno.readTextFileSync(`${path}.sha512`), `${kubectl.sha512}\n`);
    assertEquals(Deno.statSync(`${path}.sha256`).isFile, true);
  },
);
