import { assertEquals } from "@std/assert";
import {
  absolutePath,
  findKubectlHome,
  type KubeconfigLocation,
  locateKubeconfig,
} from "../../lib/kubeconfig/location.ts";
import type { Platform } from "../../lib/platform.ts";
import { LINUX, WINDOWS } from "../support/fake_host.ts";

const rows: readonly {
  name: string;
  platform?: Platform;
  flag?: string;
  list?: string;
  home?: string;
  want: KubeconfigLocation;
}[] = [
  {
    name: "the flag before all",
    flag: "a:b",
    list: "/x",
    want: { paths: ["a:b"], required: true, legacy: undefined },
  },
  {
    name: "the list where the flag is empty",
    flag: "",
    list: "/a:b::/a:./b:~/c: ",
    want: {
      paths: ["/a", "b", "./b", "~/c", " "],
      required: false,
      legacy: undefined,
    },
  },
  {
    name: "no file where the list has none",
    list: ":",
    want: { paths: [], required: false, legacy: undefined },
  },
  {
    name: "quotes as they are on Unix",
    list: '"/a:b"',
    want: { paths: ['"/a', 'b"'], required: false, legacy: undefined },
  },
  {
    name: "home where the list is empty",
    list: "",
    home: "/home/me",
    want: {
      paths: ["/home/me/.kube/config"],
      required: false,
      legacy: "/home/me/.kube/.kubeconfig",
    },
  },
  {
    name: "the working directory without a home",
    want: { paths: [".kube/config"], required: false, legacy: ".kube/.kubeconfig" },
  },
  {
    name: "a list with quotes on Windows",
    platform: WINDOWS,
    list: 'C:\\a;"C:\\b;c";;D:\\"x;y"\\z;"C:\\open;d',
    want: {
      paths: ["C:\\a", "C:\\b;c", "D:\\x;y\\z", "C:\\open;d"],
      required: false,
      legacy: undefined,
    },
  },
  {
    name: "home on Windows",
    platform: WINDOWS,
    home: "C:\\Users\\me",
    want: {
      paths: ["C:\\Users\\me\\.kube\\config"],
      required: false,
      legacy: "C:\\Users\\me\\.kube\\config",
    },
  },
];

for (const { name, platform = LINUX, flag, list, home, want } of rows) {
  Deno.test(`locateKubeconfig() finds ${name}`, () => {
    const facts = { flag, list, home: () => home ?? "", homeVariable: home };
    assertEquals(locateKubeconfig(platform, facts), want);
  });
}

for (
  const [platform, cwd, path, want] of [
    [LINUX, "/work", "config", "/work/config"],
    [LINUX, "/", "config", "/config"],
    [LINUX, "/work", "/etc/config", "/etc/config"],
    [LINUX, undefined, "config", "config"],
    [WINDOWS, "C:\\work", "config", "C:\\work\\config"],
    [WINDOWS, "C:\\", "config", "C:\\config"],
    [WINDOWS, "C:\\work", "D:\\config", "D:\\config"],
    [WINDOWS, "C:\\work", "D:config", "D:config"],
    [WINDOWS, "C:\\work", "\\kube\\config", "C:\\kube\\config"],
    [WINDOWS, "C:\\work", "/kube/config", "C:/kube/config"],
    [WINDOWS, "C:\\work", "//server/share/config", "//server/share/config"],
    [WINDOWS, "\\\\server\\share\\work", "/config", "\\\\server\\share/config"],
  ] as const
) {
  Deno.test(`absolutePath() makes "${want}" of "${path}" in "${cwd}"`, () => {
    assertEquals(absolutePath(platform, () => cwd, path), want);
  });
}

const SET: Record<string, string> = {
  HOME: "H:\\",
  HOMEDRIVE: "D:",
  HOMEPATH: "\\me",
  USERPROFILE: "U:\\me",
};
const [H, D, U] = ["H:\\", "D:\\me", "U:\\me"] as const;

for (
  const { name, variables = SET, holders = [], writable = [], existing = [], want } of [
    { name: "the first with a kubeconfig", holders: [H, D, U], want: H },
    { name: "the drive's before the profile's kubeconfig", holders: [D, U], want: D },
    {
      name: "the profile's kubeconfig before a writable HOME",
      holders: [U],
      writable: [H],
      want: U,
    },
    { name: "the first that can be written", writable: [H, U, D], want: H },
    { name: "the profile before the drive's to write", writable: [U, D], want: U },
    { name: "the drive's to write before an existing HOME", writable: [D], existing: [H], want: D },
    { name: "the profile before the drive's that exists", existing: [U, D], want: U },
    { name: "the first that is set", want: H },
    { name: "the profile where HOME is not set", variables: { ...SET, HOME: "" }, want: U },
    { name: "no drive without path", variables: { HOMEDRIVE: "D:" }, holders: ["D:"], want: "" },
    { name: "nothing", variables: {}, want: "" },
  ] as readonly {
    name: string;
    variables?: Record<string, string>;
    holders?: string[];
    writable?: string[];
    existing?: string[];
    want: string;
  }[]
) {
  Deno.test(`findKubectlHome() on Windows is ${name}`, () => {
    const facts = {
      hasKubeconfig: (folder: string) => holders.includes(folder),
      isWritable: (folder: string) => writable.includes(folder),
      exists: (folder: string) => existing.includes(folder),
    };
    assertEquals(findKubectlHome(WINDOWS, (variable) => variables[variable], facts), want);
  });
}

Deno.test("findKubectlHome() elsewhere is HOME with any value", () => {
  const never = () => false;
  const facts = { hasKubeconfig: never, isWritable: never, exists: never };
  assertEquals(findKubectlHome(LINUX, (name) => SET[name], facts), "H:\\");
  assertEquals(findKubectlHome(LINUX, () => undefined, facts), "");
});
