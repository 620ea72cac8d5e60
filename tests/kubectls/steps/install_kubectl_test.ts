import { assert, assertEquals } from "@std/assert";
import { installKubectl } from "../../../lib/kubectls/steps/install_kubectl.ts";
import { installWorld, mirrorConfig, version, wanted } from "../../support/install_world.ts";
import { startMirror } from "../../support/mirror.ts";
import { elfBytes } from "../../support/mirror_files.ts";

const BYTES = elfBytes(1_500_000);

Deno.test("installKubectl() puts the exact release under its name, verified and executable", async () => {
  using world = installWorld();
  await using mirror = await startMirror({ kubectls: [{ version: "1.30.2", bytes: BYTES }] });
  const installed = await installKubectl(
    wanted("1.30.2"),
    mirrorConfig(mirror.url),
    {},
    world.host,
  );
  assertEquals(installed, {
    path: world.pathOf("1.30.2"),
    version: version("1.30.2"),
    downloaded: true,
    notes: [],
  });
  assertEquals(Deno.readFileSync(installed.path), BYTES);
  if (Deno.build.os !== "windows") {
    assertEquals(world.host.files.stat(installed.path)?.mode, 0o755);
  }
  assertEquals(world.kubectls(), ["kubectl1.30.2"]);
  assertEquals(world.receipts(), ["1.30.2.json"]);
  assertEquals(world.waits, []);
  assert(
    world.stderr().includes("Downloading kubectl 1.30.2 from http://127.0.0.1"),
    world.stderr(),
  );
  assertEquals(mirror.requests.length, 2);
});
