import { assertEquals } from "@std/assert";
import { CONFIG_KEY_NAMES, CONFIG_KEYS } from "../../lib/config/keys.ts";
import { type Config, configPaths } from "../../lib/config/config.ts";
import { fakeEnv, LINUX, WINDOWS } from "../support/fake_host.ts";
import { type ConfigWorld, merge } from "../support/config_world.ts";

const DEFAULTS: Config = {
  allowDownload: true,
  systemPath: ["/usr/bin"],
  timeoutSeconds: 5,
  kubeMirrorUrl: ["https://dl.k8s.io"],
  checksumUrl: "",
  verifySignature: "off",
  digests: "pinned",
  useLatestIfNoCompatible: false,
  match: "window",
  renewDays: "never",
  minVersion: "",
  versionTtlSeconds: 3600,
  unreachableTtlSeconds: 30,
  handOff: "exec",
  verbosity: 0,
  quiet: false,
  color: "auto",
  pins: [],
  contexts: [],
};

const fits: readonly (ConfigWorld & { name: string; want: Partial<Config> })[] = [
  { name: "the defaults", want: {} },
  {
    name: "keys in any letter case",
    etc: "allowdownload = false\nTIMEOUT = 2\nversionTtl = 0",
    want: { allowDownload: false, timeoutSeconds: 2, versionTtlSeconds: 0 },
  },
  {
    name: "the later file",
    etc: "Timeout = 1\nQuiet = true",
    user: "Timeout = 2",
    want: { timeoutSeconds: 2, quiet: true },
  },
  {
    name: "the variable over every file",
    etc: "Timeout = 1",
    user: "Timeout = 2",
    env: { KUBERLR_TIMEOUT: "0.5" },
    want: { timeoutSeconds: 0.5 },
  },
  {
    name: "no empty variable",
    etc: "Timeout = 1",
    env: { KUBERLR_TIMEOUT: "", KUBERLR_KUBECTL: "", NO_COLOR: "" },
    want: { timeoutSeconds: 1 },
  },
  {
    name: "1 and 0, and words in any case, as booleans",
    env: {
      KUBERLR_ALLOWDOWNLOAD: "0",
      KUBERLR_USELATESTIFNOCOMPATIBLE: "TRUE",
      KUBERLR_QUIET: "1",
    },
    want: { allowDownload: false, useLatestIfNoCompatible: true, quiet: true },
  },
  {
    name: "one directory as a string",
    etc: `SystemPath = "/opt/a:b"`,
    want: { systemPath: ["/opt/a:b"] },
  },
  {
    name: "a list of directories",
    etc: `SystemPath = ["/opt/a", "/opt/b"]`,
    want: { systemPath: ["/opt/a", "/opt/b"] },
  },
  {
    name: "directories in a variable, separated as in PATH",
    env: { KUBERLR_SYSTEMPATH: "/opt/a::/opt/b" },
    want: { systemPath: ["/opt/a", "/opt/b"] },
  },
  {
    name: "directories of Windows in a variable",
    env: { KUBERLR_SYSTEMPATH: "C:\\a;D:/b" },
    platform: WINDOWS,
    want: { systemPath: ["C:\\a", "D:/b"] },
  },
  {
    name: "no directory of its own on Windows",
    platform: WINDOWS,
    want: { systemPath: [] },
  },
  {
    name: "no directory at all",
    etc: "SystemPath = []",
    want: { systemPath: [] },
  },
  {
    name: "one mirror",
    etc: `KubeMirrorUrl = "file:///srv/mirror"`,
    want: { kubeMirrorUrl: ["file:///srv/mirror"] },
  },
  {
    name: "mirrors in a variable, separated by commas",
    env: { KUBERLR_KUBEMIRRORURL: "https://a.test/x, http://b.test/{version}/{os}-{arch}{ext}" },
    want: { kubeMirrorUrl: ["https://a.test/x", "http://b.test/{version}/{os}-{arch}{ext}"] },
  },
  {
    name: "choices in any letter case",
    etc: `HandOff = "Spawn"\nVerifySignature = "REQUIRE"\nColor = "always"`,
    want: { handOff: "spawn", verifySignature: "require", color: "always" },
  },
  { name: "NO_COLOR", env: { NO_COLOR: "1" }, want: { color: "never" } },
  {
    name: "an explicit Color over NO_COLOR",
    etc: `Color = "always"`,
    env: { NO_COLOR: "1" },
    want: { color: "always" },
  },
  {
    name: "a checksum URL",
    etc: `ChecksumUrl = "https://dl.k8s.io"`,
    want: { checksumUrl: "https://dl.k8s.io" },
  },
  { name: "a byte order mark", etc: "\uFEFFQuiet = true", want: { quiet: true } },
  {
    name: "lines of Windows",
    etc: "Quiet = true\r\nTimeout = 2\r\n",
    want: { quiet: true, timeoutSeconds: 2 },
  },
  {
    name: "pins, the later file's first and the variable's before all",
    etc: `[Contexts."prod-*"]\nKubectl = "1.28"\n[contexts.dev]\n`.replace("[contexts.dev]\n", ""),
    user: `[contexts.a]\nkubectl = "v1.29.3"\n[contexts."b.c"]\nKUBECTL = "/opt/kubectl"`,
    env: { KUBERLR_KUBECTL: "./kubectl" },
    want: {
      pins: [
        { context: undefined, kubectl: "./kubectl", origin: "KUBERLR_KUBECTL" },
        { context: "a", kubectl: "v1.29.3", origin: "/home/me/kuberlr.conf" },
        { context: "b.c", kubectl: "/opt/kubectl", origin: "/home/me/kuberlr.conf" },
        { context: "prod-*", kubectl: "1.28", origin: "/etc/kuberlr.conf" },
      ],
    },
  },
  {
    name: "what fits a server, and how fresh it has to be",
    etc: `Match = "Minor"\nRenew = 0.5\nMinVersion = "v1.28"\nDigests = "mirror"`,
    want: { match: "minor", renewDays: 0.5, minVersion: "v1.28", digests: "mirror" },
  },
  {
    name: "the same from variables",
    env: { KUBERLR_RENEW: "7", KUBERLR_MATCH: "patch", KUBERLR_MINVERSION: "1.28.3" },
    want: { match: "patch", renewDays: 7, minVersion: "1.28.3" },
  },
  { name: "a word for no renewal", env: { KUBERLR_RENEW: "Never" }, want: { renewDays: "never" } },
  {
    name: "settings of contexts, the later file's first and none that a variable overrules",
    etc: `[Contexts."prod-*"]\nmatch = "patch"\nRenew = 1`,
    user: `[Contexts.prod-a]\nMatch = "minor"`,
    env: { KUBERLR_RENEW: "never" },
    want: {
      contexts: [
        { context: "prod-a", name: "Match", value: "minor", origin: "/home/me/kuberlr.conf" },
        { context: "prod-*", name: "Match", value: "patch", origin: "/etc/kuberlr.conf" },
      ],
    },
  },
];

for (const { name, want, ...world } of fits) {
  Deno.test(`mergeConfig() takes ${name}`, () => {
    const { config, warnings } = merge(world);
    assertEquals(config, { ...DEFAULTS, ...want });
    assertEquals(warnings, []);
  });
}

const warned: readonly (ConfigWorld & { name: string; want: readonly string[] })[] = [
  {
    name: "names the nearest key",
    etc: "Timeuot = 5",
    want: [`Unknown key "Timeuot" in "/etc/kuberlr.conf", line 1; did you mean "Timeout"?`],
  },
  {
    name: "names no key where none is near",
    user: "[Frobnicate]\nx = 1",
    want: [`Unknown key "Frobnicate" in "/home/me/kuberlr.conf", line 1`],
  },
  {
    name: "says that a context cannot have it",
    etc: `[Contexts.a]\nTimeout = 2`,
    want: [`Unknown key "Timeout" in "/etc/kuberlr.conf", line 2`],
  },
  {
    name: "looks into pins",
    etc: `[Contexts.a]\nKubctl = "1.29"`,
    want: [`Unknown key "Kubctl" in "/etc/kuberlr.conf", line 2; did you mean "Kubectl"?`],
  },
];

for (const { name, want, ...world } of warned) {
  Deno.test(`mergeConfig() warns of an unknown key and ${name}`, () => {
    const { config, warnings } = merge(world);
    assertEquals({ config, warnings }, { config: DEFAULTS, warnings: want });
  });
}

Deno.test("mergeConfig() tells where each setting comes from, without passwords", () => {
  const { settings } = merge({
    etc: `Timeout = 2\nKubeMirrorUrl = ["https://me:pw@a.test", "https://b.test"]`,
    user: `Timeout = 3\n[Contexts."prod-*"]\nKubectl = "1.29"\nMatch = "minor"`,
    env: { KUBERLR_QUIET: "1", NO_COLOR: "1" },
  });
  assertEquals(settings, [
    { key: "AllowDownload", value: true, origin: "default" },
    { key: "SystemPath", value: "/usr/bin", origin: "default" },
    { key: "Timeout", value: 3, origin: "/home/me/kuberlr.conf" },
    {
      key: "KubeMirrorUrl",
      value: ["https://a.test", "https://b.test"],
      origin: "/etc/kuberlr.conf",
    },
    { key: "ChecksumUrl", value: "", origin: "default" },
    { key: "VerifySignature", value: "off", origin: "default" },
    { key: "Digests", value: "pinned", origin: "default" },
    { key: "UseLatestIfNoCompatible", value: false, origin: "default" },
    { key: "Match", value: "window", origin: "default" },
    { key: "Renew", value: "never", origin: "default" },
    { key: "MinVersion", value: "", origin: "default" },
    { key: "VersionTTL", value: 3600, origin: "default" },
    { key: "UnreachableTTL", value: 30, origin: "default" },
    { key: "HandOff", value: "exec", origin: "default" },
    { key: "Verbosity", value: 0, origin: "default" },
    { key: "Quiet", value: true, origin: "KUBERLR_QUIET" },
    { key: "Color", value: "never", origin: "NO_COLOR" },
    { key: `Contexts."prod-*".Kubectl`, value: "1.29", origin: "/home/me/kuberlr.conf" },
    { key: `Contexts."prod-*".Match`, value: "minor", origin: "/home/me/kuberlr.conf" },
  ]);
});

for (
  const { name, platform, env, user, want } of [
    {
      name: "of Unix",
      platform: LINUX,
      env: { KUBERLR_CFG: "/tmp/x.conf", APPDATA: "C:\\A" },
      user: "/home/me/.kuberlr/kuberlr.conf",
      want: [
        "/usr/etc/kuberlr.conf",
        "/etc/kuberlr.conf",
        "/home/me/.kuberlr/kuberlr.conf",
        "/tmp/x.conf",
      ],
    },
    {
      name: "without a home",
      platform: LINUX,
      env: {},
      user: undefined,
      want: ["/usr/etc/kuberlr.conf", "/etc/kuberlr.conf"],
    },
    {
      name: "of Windows",
      platform: WINDOWS,
      env: { APPDATA: "C:\\A", PROGRAMDATA: "C:\\P" },
      user: "C:\\U\\.kuberlr\\kuberlr.conf",
      want: [
        "C:\\A\\kuberlr\\kuberlr.conf",
        "C:\\P\\kuberlr\\kuberlr.conf",
        "C:\\U\\.kuberlr\\kuberlr.conf",
      ],
    },
    {
      name: "once each",
      platform: LINUX,
      env: { KUBERLR_CFG: "/etc/kuberlr.conf" },
      user: undefined,
      want: ["/usr/etc/kuberlr.conf", "/etc/kuberlr.conf"],
    },
  ]
) {
  Deno.test(`configPaths() names the files ${name}`, () => {
    assertEquals(configPaths(platform, fakeEnv(env as Record<string, string>), user), want);
  });
}

Deno.test("CONFIG_KEYS gives each key a field of its own", () => {
  const fields = CONFIG_KEY_NAMES.map((name) => CONFIG_KEYS[name].field);
  assertEquals(new Set(fields).size, CONFIG_KEY_NAMES.length);
});
