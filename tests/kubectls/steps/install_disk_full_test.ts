import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { KuberlrError } from "../../../lib/errors.ts";
import { installKubectl } from "../../../lib/kubectls/steps/install_kubectl.ts";
import {
  type InstallWorld,
  installWorld,
  mirrorConfig,
  wanted,
} from "../../support/install_world.ts";
import { startMirror } from "../../support/mirror.ts";
import { elfBytes } from "../../support/mirror_files.ts";
import { missingMounts, mount, unmount } from "../../support/mounts.ts";

const BYTES = elfBytes(3_000_000);
const reason = missingMounts;

function onDisk(
  options: string,
  test: (world: InstallWorld) => Promise<void>,
): () => Promise<void> {
  return async () => {
    using world = installWorld();
    assert(mount(world.layout.root, options));
    try {
      await test(world);
    } finally {
      unmount(world.layout.root);
    }
  };
}

const named = (name: string) => reason === undefined ? name : `${name} (ignored: ${reason})`;

Deno.test({
  name: named(
    "installKubectl() goes to the temporary folder when the disk fills up, and clears up",
  ),
  ignore: reason !== undefined,
  fn: onDisk("size=2m,mode=0700", async (world) => {
    await using mirror = await startMirror({ kubectls: [{ version: "1.30.2", bytes: BYTES }] });
    const { path, notes } = await installKubectl(
      wanted("1.30.2"),
      mirrorConfig(mirror.url),
      {},
      world.host,
    );
    assert(path.startsWith(`${world.home}/tmp/kuberlr-kubectls-`), path);
    assertEquals(Deno.readFileSync(path), BYTES);
    assertMatch(notes[0] ?? "", /^Cannot use ".*": No space left on device$/);
    assertEquals(world.kubectls(), []);
  }),
});

Deno.test({
  name: named("installKubectl() says what is full when every disk is, and leaves nothing behind"),
  ignore: reason !== undefined,
  fn: onDisk("size=2m,mode=0700", async (world) => {
    await using mirror = await startMirror({ kubectls: [{ version: "1.30.2", bytes: BYTES }] });
    const directory = `${world.layout.root}/bundle`;
    const error = await assertRejects(
      () =>
        installKubectl(wanted("1.30.2"), mirrorConfig(mirror.url), {
          directory,
        }, world.host),
      KuberlrError,
      "No space left on device",
    );
    assertEquals(error.code, "cannot-write");
    assertEquals([...Deno.readDirSync(directory)], []);
  }),
});

Deno.test({
  name: named("installKubectl() keeps what was there when there is no room to replace it"),
  ignore: reason !== undefined,
  fn: onDisk("size=4m,mode=0700", async (world) => {
    await using mirror = await startMirror({ kubectls: [{ version: "1.30.2", bytes: BYTES }] });
    const config = mirrorConfig(mirror.url);
    const first = await installKubectl(wanted("1.30.2"), config, {}, world.host);
    Deno.chmodSync(first.path, 0o600);
    const { path } = await installKubectl(wanted("1.30.2"), config, {}, world.host);
    assert(path.startsWith(`${world.home}/tmp/kuberlr-kubectls-`), path);
    assertEquals(world.kubectls(), ["kubectl1.30.2"]);
    assertEquals(Deno.readFileSync(first.path), BYTES);
  }),
});

Deno.test({
  name: named("installKubectl() goes to the temporary folder when the home is read-only"),
  ignore: reason !== undefined,
  fn: onDisk("size=2m,mode=0700,ro", async (world) => {
    await using mirror = await startMirror({ kubectls: [{ version: "1.30.2", bytes: BYTES }] });
    const { path, notes } = await installKubectl(
      wanted("1.30.2"),
      mirrorConfig(mirror.url),
      {},
      world.host,
    );
    assert(path.startsWith(`${world.home}/tmp/kuberlr-kubectls-`), path);
    assertMatch(notes[0] ?? "", /is on a file system that is read-only/);
  }),
});
