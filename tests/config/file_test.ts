import { assertEquals, assertThrows } from "@std/assert";
import { KuberlrError } from "../../lib/errors.ts";
import { type ConfigWorld, merge } from "../support/config_world.ts";

const refused: readonly (ConfigWorld & { name: string; want: string })[] = [
  {
    name: "a string for a boolean",
    etc: `# a comment\nTimeout = 3\nallowDownload = "false"`,
    want:
      `Cannot use "/etc/kuberlr.conf", line 3: "AllowDownload" must be true or false, not "false"`,
  },
  {
    name: "a boolean for a number",
    etc: "Timeout = true",
    want:
      `Cannot use "/etc/kuberlr.conf", line 1: "Timeout" must be a number of seconds, above 0 and at most 86400, not true`,
  },
  {
    name: "a timeout of nothing",
    etc: "Timeout = 0",
    want:
      `Cannot use "/etc/kuberlr.conf", line 1: "Timeout" must be a number of seconds, above 0 and at most 86400, not 0`,
  },
  {
    name: "an endless age",
    etc: "VersionTTL = inf",
    want:
      `Cannot use "/etc/kuberlr.conf", line 1: "VersionTTL" must be a number of seconds, 0 or more, not Infinity`,
  },
  {
    name: "a relative directory",
    etc: `SystemPath = ["/opt", "bin"]`,
    want:
      `Cannot use "/etc/kuberlr.conf", line 1: "SystemPath" must be the absolute path of a directory, or a list of them, not ["/opt","bin"]`,
  },
  {
    name: "a URL without scheme",
    user: `\n\nKubeMirrorUrl = "dl.k8s.io"`,
    want:
      `Cannot use "/home/me/kuberlr.conf", line 3: "KubeMirrorUrl" must be an http, https or file URL (a base, or a template with {version} {os} {arch} {ext}), or a list of them, not "dl.k8s.io"`,
  },
  {
    name: "an unknown placeholder, showing no password",
    etc: `KubeMirrorUrl = "https://me:secret@a.test/{platform}"`,
    want:
      `Cannot use "/etc/kuberlr.conf", line 1: "KubeMirrorUrl" must be an http, https or file URL (a base, or a template with {version} {os} {arch} {ext}), or a list of them, not "https://a.test/{platform}"`,
  },
  {
    name: "a choice that does not exist",
    etc: `HandOff = "fork"`,
    want: `Cannot use "/etc/kuberlr.conf", line 1: "HandOff" must be "exec" or "spawn", not "fork"`,
  },
  {
    name: "a key given twice in different letter case",
    etc: "Timeout = 1\ntimeout = 2",
    want: `Cannot use "/etc/kuberlr.conf", line 2: "timeout" is set twice`,
  },
  {
    name: "a pin that is a number",
    etc: `[Contexts."prod-*"]\n# the old ones\nKubectl = 1.29`,
    want:
      `Cannot use "/etc/kuberlr.conf", line 3: Contexts."prod-*".Kubectl must be a version like "1.29" or the absolute path of a kubectl, not 1.29`,
  },
  {
    name: "a relative path as a pin in a file",
    etc: `Contexts.dev.Kubectl = "bin/kubectl"`,
    want:
      `Cannot use "/etc/kuberlr.conf", line 1: Contexts."dev".Kubectl must be a version like "1.29" or the absolute path of a kubectl, not "bin/kubectl"`,
  },
  {
    name: "a pin without its table",
    etc: `[Contexts]\n"prod-*" = "1.29"`,
    want:
      `Cannot use "/etc/kuberlr.conf", line 2: Contexts."prod-*" must be a table like [Contexts."prod-*"], not "1.29"`,
  },
  {
    name: "a setting of a context that does not fit",
    etc: `[Contexts.a]\nMatch = "exact"`,
    want:
      `Cannot use "/etc/kuberlr.conf", line 2: Contexts."a".Match must be "window", "minor" or "patch", not "exact"`,
  },
  {
    name: "a renewal of nothing",
    etc: "Renew = 0",
    want:
      `Cannot use "/etc/kuberlr.conf", line 1: "Renew" must be "never" or a number of days, above 0, not 0`,
  },
  {
    name: "a MinVersion that is a word",
    env: { KUBERLR_MINVERSION: "stable" },
    want:
      `Cannot use the variable KUBERLR_MINVERSION: it must be a version like "1.28" or "1.28.3", or empty, not "stable"`,
  },
  {
    name: "contexts that are not a table",
    etc: `Contexts = ["prod"]`,
    want:
      `Cannot use "/etc/kuberlr.conf", line 1: "Contexts" must be a table like [Contexts."prod-*"], not ["prod"]`,
  },
  {
    name: "a variable that is not a number",
    env: { KUBERLR_TIMEOUT: "5s" },
    want:
      `Cannot use the variable KUBERLR_TIMEOUT: it must be a number of seconds, above 0 and at most 86400, not "5s"`,
  },
  {
    name: "a variable that is not a boolean",
    env: { KUBERLR_QUIET: "yes" },
    want: `Cannot use the variable KUBERLR_QUIET: it must be true or false, not "yes"`,
  },
  {
    name: "a pin variable that is neither version nor path",
    env: { KUBERLR_KUBECTL: "latest" },
    want:
      `Cannot use the variable KUBERLR_KUBECTL: it must be a version like 1.29 or the path of a kubectl, not "latest"`,
  },
  {
    name: "a pin that is a URL",
    env: { KUBERLR_KUBECTL: "https://me:secret@h/k" },
    want:
      `Cannot use the variable KUBERLR_KUBECTL: it must be a version like 1.29 or the path of a kubectl, not "https://h/k"`,
  },
];

for (const { name, want, ...world } of refused) {
  Deno.test(`mergeConfig() refuses ${name}`, () => {
    const error = assertThrows(() => merge(world), KuberlrError);
    assertEquals({ message: error.message, exitStatus: error.exitStatus }, {
      message: want,
      exitStatus: 125,
    });
  });
}
