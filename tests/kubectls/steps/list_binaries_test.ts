import { assertEquals } from "@std/assert";
import { findLayout } from "../../../lib/files/layout.ts";
import { listBinaries } from "../../../lib/kubectls/steps/list_binaries.ts";
import { formatVersion } from "../../../lib/version/version.ts";
import {
  fakeEnv,
  type FakeFile,
  fakeFiles,
  fakeProgram,
  LINUX,
  WINDOWS,
} from "../../support/fake_host.ts";

const KUBECTL: FakeFile = { executable: true };
const LOCAL = "/home/me/.kuberlr/linux-amd64";

for (
  const { name, files, systemPath = ["/usr/bin"], home = "/home/me", want } of [
    { name: "nothing where no folder exists", files: {}, want: [] },
    {
      name: "the newest first, the local one before the system's",
      files: {
        "/usr/bin/kubectl1.30.1": KUBECTL,
        "/usr/bin/kubectl1.31": KUBECTL,
        [`${LOCAL}/kubectl1.30.1`]: KUBECTL,
        [`${LOCAL}/kubectl1.9.11`]: KUBECTL,
      },
      want: [
        "system 1.31.0 /usr/bin/kubectl1.31",
        `local 1.30.1 ${LOCAL}/kubectl1.30.1`,
        "system 1.30.1 /usr/bin/kubectl1.30.1",
        `local 1.9.11 ${LOCAL}/kubectl1.9.11`,
      ],
    },
    {
      name: "no file of another name",
      files: {
        "/usr/bin/kubectl": KUBECTL,
        "/usr/bin/kubectl1.30.1.sha256": KUBECTL,
        "/usr/bin/kubectl1.30.1.exe": KUBECTL,
        "/usr/bin/kubectl-1.30.1": KUBECTL,
      },
      want: [],
    },
    {
      name: "regular executable files only",
      files: {
        "/usr/bin/kubectl1.30.1": "no permission",
        "/usr/bin/kubectl1.30.2": { kind: "directory", executable: true },
        "/usr/bin/kubectl1.30.3": { kind: "other", executable: true },
        "/usr/bin/kubectl1.30.4": { error: "ELOOP" },
        "/usr/bin/kubectl1.30.5": KUBECTL,
      },
      want: ["system 1.30.5 /usr/bin/kubectl1.30.5"],
    },
    {
      name: "not kuberlr itself, by any link",
      files: { "/usr/bin/kubectl1.30.1": { executable: true, ino: 7 } },
      want: [],
    },
    {
      name: "nothing from a folder that cannot be read",
      files: { "/usr/bin": { error: "EACCES" }, [`${LOCAL}/kubectl1.30.1`]: KUBECTL },
      want: [`local 1.30.1 ${LOCAL}/kubectl1.30.1`],
    },
    {
      name: "every folder of a list, without a home",
      files: { "/a/kubectl1.30.1": KUBECTL, "/b/kubectl1.30.1": KUBECTL },
      systemPath: ["/b/", "/a", "/b/"],
      home: "",
      want: ["system 1.30.1 /b/kubectl1.30.1", "system 1.30.1 /a/kubectl1.30.1"],
    },
    {
      name: "its own folder once where SystemPath names it too",
      files: { [`${LOCAL}/kubectl1.30.1`]: KUBECTL },
      systemPath: [LOCAL],
      want: [`local 1.30.1 ${LOCAL}/kubectl1.30.1`],
    },
  ] as readonly {
    name: string;
    files: Record<string, FakeFile>;
    systemPath?: readonly string[];
    home?: string;
    want: readonly string[];
  }[]
) {
  Deno.test(`listBinaries() lists ${name}`, () => {
    const host = {
      platform: LINUX,
      files: fakeFiles(files),
      store: { volumeOf: () => undefined },
      program: fakeProgram({ identity: () => ({ dev: 1, ino: 7 }) }),
    };
    const layout = findLayout(LINUX, fakeEnv({ HOME: home }));
    const { binaries } = listBinaries({ systemPath }, layout === undefined ? [] : [layout], host);
    assertEquals(
      binaries.map(({ source, version, path }) => `${source} ${formatVersion(version)} ${path}`),
      want,
    );
  });
}

Deno.test("listBinaries() asks for .exe on Windows", () => {
  const host = {
    platform: WINDOWS,
    files: fakeFiles(
      { "C:\\k\\kubectl1.30.1.exe": KUBECTL, "C:\\k\\kubectl1.30.2": KUBECTL },
      "\\",
    ),
    store: { volumeOf: () => undefined },
    program: fakeProgram(),
  };
  assertEquals(
    listBinaries({ systemPath: ["C:\\k"] }, [], host).binaries.map(({ path }) => path),
    ["C:\\k\\kubectl1.30.1.exe"],
  );
});
