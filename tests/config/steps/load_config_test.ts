import { assertEquals, assertRejects } from "@std/assert";
import { KuberlrError } from "../../../lib/errors.ts";
import { loadConfig } from "../../../lib/config/steps/load_config.ts";
import { fakeEnv, type FakeFile, fakeFiles, LINUX, WINDOWS } from "../../support/fake_host.ts";

function load(
  files: Record<string, FakeFile>,
  env: Record<string, string>,
  platform = LINUX,
) {
  return loadConfig({ files: fakeFiles(files), env: fakeEnv(env), platform });
}

Deno.test("loadConfig() lets the four files win in their order", async () => {
  const { config, settings } = await load({
    "/usr/etc/kuberlr.conf": "Timeout = 1\nVersionTTL = 1\nUnreachableTTL = 1\nVerbosity = 1",
    "/etc/kuberlr.conf": "Timeout = 2\nVersionTTL = 2\nUnreachableTTL = 2",
    "/home/me/.kuberlr/kuberlr.conf": "Timeout = 3\nVersionTTL = 3",
    "/x.conf": "Timeout = 4",
  }, { HOME: "/home/me", KUBERLR_CFG: "/x.conf" });
  assertEquals(
    [
      config.timeoutSeconds,
      config.versionTtlSeconds,
      config.unreachableTtlSeconds,
      config.verbosity,
    ],
    [4, 3, 2, 1],
  );
  assertEquals(settings.find(({ key }) => key === "UnreachableTTL")?.origin, "/etc/kuberlr.conf");
});

Deno.test("loadConfig() lets ProgramData win over AppData on Windows", async () => {
  const { config } = await load(
    {
      "C:\\A\\kuberlr\\kuberlr.conf": "Timeout = 1\nVersionTTL = 1\nUnreachableTTL = 1",
      "C:\\P\\kuberlr\\kuberlr.conf": "Timeout = 2\nVersionTTL = 2",
      "C:\\U\\.kuberlr\\kuberlr.conf": "Timeout = 3",
    },
    { APPDATA: "C:\\A", PROGRAMDATA: "C:\\P", USERPROFILE: "C:\\U" },
    WINDOWS,
  );
  assertEquals(
    [config.timeoutSeconds, config.versionTtlSeconds, config.unreachableTtlSeconds],
    [3, 2, 1],
  );
});

Deno.test("loadConfig() works without home and files", async () => {
  const { config, warnings } = await load({}, {});
  assertEquals({ timeout: config.timeoutSeconds, warnings }, { timeout: 5, warnings: [] });
});

Deno.test("loadConfig() warns when KUBERLR_CFG names nothing", async () => {
  const { warnings } = await load({}, { KUBERLR_CFG: "/x.conf" });
  assertEquals(warnings, [`KUBERLR_CFG names "/x.conf", which does not exist`]);
});

Deno.test("loadConfig() takes a file in a closed folder for missing, unless it is named", async () => {
  const path = "/closed/.kuberlr/kuberlr.conf";
  const closed: Record<string, FakeFile> = { [path]: { error: "EACCES" } };
  const { config, warnings } = await load(closed, { HOME: "/closed" });
  assertEquals({ timeout: config.timeoutSeconds, warnings }, { timeout: 5, warnings: [] });
  await assertRejects(() => load(closed, { KUBERLR_CFG: path }), KuberlrError);
});

Deno.test("loadConfig() refuses a file that cannot be read", async () => {
  const error = await assertRejects(
    () => load({ "/etc/kuberlr.conf": { unreadable: true } }, {}),
    KuberlrError,
  );
  assertEquals(
    { message: error.message, exitStatus: error.exitStatus },
    {
      message: `Cannot read the configuration file "/etc/kuberlr.conf": EACCES: /etc/kuberlr.conf`,
      exitStatus: 125,
    },
  );
});

Deno.test("loadConfig() waits for no pipe", async () => {
  const error = await assertRejects(
    () => load({ "/etc/kuberlr.conf": { text: "Timeout = 1", kind: "other" } }, {}),
    KuberlrError,
  );
  assertEquals(
    error.message,
    `Cannot read the configuration file "/etc/kuberlr.conf": it can be read only once`,
  );
});

Deno.test("loadConfig() takes a file on the way to it for no configuration", async () => {
  const { config } = await load({ "/home/me/.kuberlr/kuberlr.conf": { error: "ENOTDIR" } }, {
    HOME: "/home/me",
  });
  assertEquals(config.timeoutSeconds, 5);
});
