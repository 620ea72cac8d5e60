import { assertEquals } from "@std/assert";
import { installKubectl } from "../../../lib/kubectls/steps/install_kubectl.ts";
import { findObjection, verifyInstalled } from "../../../lib/kubectls/steps/verify_installed.ts";
import {
  type InstallWorld,
  installWorld,
  mirrorConfig,
  version,
  wanted,
} from "../../support/install_world.ts";
import { startMirror } from "../../support/mirror.ts";
import { elfBytes } from "../../support/mirror_files.ts";

const windows = Deno.build.os === "windows";
const root = !windows && Deno.uid() === 0;
const BYTES = elfBytes(20_000);
const VERSION = version("1.30.2");

async function installed(
  test: (path: string, world: InstallWorld) => Promise<void>,
): Promise<void> {
  using world = installWorld();
  await using mirror = await startMirror({ kubectls: [{ version: "1.30.2", bytes: BYTES }] });
  const { path } = await installKubectl(wanted("1.30.2"), mirrorConfig(mirror.url), {}, world.host);
  await test(path, world);
}

for (
  const { name, spoil, kind, objection } of [
    { name: "what was just installed", spoil: () => {}, kind: "installed", objection: undefined },
    {
      name: "what was touched",
      spoil: (path: string) => Deno.utimeSync(path, 1, 1),
      kind: "installed",
      objection: undefined,
    },
    {
      name: "what was copied and put back",
      spoil(path: string) {
        Deno.copyFileSync(path, `${path}.copy`);
        Deno.renameSync(`${path}.copy`, path);
      },
      kind: "installed",
      objection: undefined,
    },
    {
      name: "what was overwritten",
      spoil: (path: string) => Deno.writeTextFileSync(path, "#!/bin/sh\n"),
      kind: "changed",
      objection: "is no longer what was downloaded",
    },
    {
      name: "what was overwritten with as many bytes",
      spoil(path: string) {
        Deno.writeFileSync(path, elfBytes(20_000, 9));
        Deno.utimeSync(path, 1, 1);
      },
      kind: "changed",
      objection: "is no longer what was downloaded",
    },
    {
      name: "what has lost its receipt",
      spoil: (_: string, world: InstallWorld) =>
        Deno.removeSync(world.layout.receipts, { recursive: true }),
      kind: "dropped-in",
      objection: undefined,
    },
    {
      name: "what has a broken receipt",
      spoil: (_: string, world: InstallWorld) =>
        Deno.writeTextFileSync(`${world.layout.receipts}/1.30.2.json`, "{"),
      kind: "dropped-in",
      objection: undefined,
    },
    {
      name: "what every user can write",
      spoil: (path: string) => Deno.chmodSync(path, 0o777),
      kind: "installed",
      objection: "can be written by every user",
    },
    {
      name: "what is in a folder that every user can write",
      spoil: (_: string, world: InstallWorld) => Deno.chmodSync(world.layout.binaries, 0o777),
      kind: "installed",
      objection: "is in a folder that can be written by every user",
    },
    ...(root
      ? [{
        name: "what another user owns",
        spoil: (path: string) => Deno.chownSync(path, 12345, 12345),
        kind: "installed",
        objection: "belongs to another user",
      }]
      : []),
  ]
) {
  Deno.test({
    name: `verifyInstalled() finds ${kind}, findObjection() ${objection ?? "nothing"}, of ${name}${
      windows ? " (ignored: Windows has no modes)" : ""
    }`,
    ignore: windows,
    fn: () =>
      installed(async (path, world) => {
        spoil(path, world);
        const binary = { path, version: VERSION };
        assertEquals(
          (await verifyInstalled(binary, { place: world.layout }, world.host)).kind,
          kind,
        );
        assertEquals(await findObjection(binary, { place: world.layout }, world.host), objection);
      }),
  });
}

Deno.test("verifyInstalled() hashes nothing that has not been touched", () =>
  installed(async (path, world) => {
    const host = {
      ...world.host,
      store: { ...world.host.store, hashFile: () => Promise.reject(new Error("It was hashed")) },
    };
    const { kind } = await verifyInstalled(
      { path, version: VERSION },
      { place: world.layout },
      host,
    );
    assertEquals(kind, "installed");
  }));
