import { assertEquals } from "@std/assert";
import { type Kuberc, REFUSED_KUBERC } from "../../../lib/kuberc/kuberc.ts";
import { scanKubectlArgv } from "../../../lib/kubectl/argv.ts";
import type { Platform } from "../../../lib/platform.ts";
import { loadKuberc } from "../../../lib/kuberc/steps/load_kuberc.ts";
import {
  fakeEnv,
  type FakeFile,
  fakeFiles,
  fakeProgram,
  LINUX,
  WINDOWS,
} from "../../support/fake_host.ts";

const V1BETA1 = `
# mine
apiVersion: kubectl.config.k8s.io/v1beta1
kind: Preference
defaults:
- command: get
  options:
  - {name: context, default: zz}
credentialPluginPolicy: DenyAll
`;
const LOADED: Kuberc = {
  defaults: [{ command: "get", options: [{ name: "context", value: "zz" }] }],
  aliases: [],
  plugins: { kind: "deny-all" },
};
const USUAL = "/home/me/.kube/kuberc";

const ROWS: readonly {
  readonly name: string;
  readonly files?: Readonly<Record<string, FakeFile>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly platform?: Platform;
  readonly want: Kuberc | undefined;
}[] = [
  { name: "nothing where there is none", want: undefined },
  { name: "the usual file", files: { [USUAL]: V1BETA1 }, want: LOADED },
  {
    name: "the usual file, on Windows",
    platform: WINDOWS,
    env: { USERPROFILE: "C:\\Users\\me" },
    files: { "C:\\Users\\me\\.kube\\kuberc": V1BETA1 },
    want: LOADED,
  },
  {
    name: "nothing where it is turned off",
    files: { [USUAL]: V1BETA1 },
    env: { KUBERC: "off" },
    want: undefined,
  },
  {
    name: "the file of the flag",
    args: ["--kuberc=k"],
    files: { "/here/k": V1BETA1 },
    want: LOADED,
  },
  {
    name: "the first document that is a kuberc",
    files: { [USUAL]: `---\nkind: Other\n---\na: [\n---\n${V1BETA1}\n---\nkind: Preference\n` },
    want: LOADED,
  },
  { name: "nothing of a broken usual file", files: { [USUAL]: "a: [" }, want: undefined },
  { name: "nothing of an empty usual file", files: { [USUAL]: "" }, want: undefined },
  {
    name: "nothing of a usual file with an unquoted boolean",
    files: { [USUAL]: V1BETA1.replace("default: zz", "default: true") },
    want: undefined,
  },
  {
    name: "nothing of a usual file that cannot be read",
    files: { [USUAL]: { error: "EACCES" } },
    want: undefined,
  },
  {
    name: "that kubectl refuses an explicit file that is missing",
    env: { KUBERC: "k" },
    files: { [USUAL]: V1BETA1 },
    want: REFUSED_KUBERC,
  },
  {
    name: "that kubectl refuses an explicit file that is broken",
    args: ["--kuberc", "k"],
    files: { "/here/k": "a: [" },
    want: REFUSED_KUBERC,
  },
  {
    name: "that kubectl refuses an explicit file that cannot be read",
    args: ["--kuberc", "k"],
    files: { "/here/k": { error: "EISDIR" } },
    want: REFUSED_KUBERC,
  },
  {
    name: "that kubectl refuses a flag without a value",
    args: ["--kuberc="],
    want: REFUSED_KUBERC,
  },
];

for (const { name, files = {}, env = {}, args = [], platform = LINUX, want } of ROWS) {
  Deno.test(`loadKuberc() finds ${name}`, async () => {
    const host = {
      platform,
      program: fakeProgram(),
      env: fakeEnv({ HOME: platform === LINUX ? "/home/me" : "", ...env }),
      files: fakeFiles(files, platform === WINDOWS ? "\\" : "/"),
    };
    assertEquals(await loadKuberc(scanKubectlArgv(["get", ...args]), host), want);
  });
}

Deno.test("loadKuberc() does not ask for the working directory where it does not matter", async () => {
  const host = {
    platform: LINUX,
    program: fakeProgram({
      cwd: () => {
        throw new Error("asked");
      },
    }),
    env: fakeEnv({ HOME: "/home/me" }),
    files: fakeFiles({ [USUAL]: V1BETA1 }),
  };
  assertEquals(await loadKuberc(scanKubectlArgv(["get"]), host), LOADED);
});
