import { assertEquals } from "@std/assert";
import { resolveFolder } from "../../lib/commands/folder_flag.ts";
import { fakeProgram, LINUX, WINDOWS } from "../support/fake_host.ts";

for (
  const { folder, platform = LINUX, cwd = "/here", want } of [
    { folder: "/opt/bin", want: "/opt/bin" },
    { folder: "/opt/bin/", want: "/opt/bin" },
    { folder: "/", want: "/" },
    { folder: "bin", want: "/here/bin" },
    { folder: "bin\\", want: "/here/bin\\" },
    { folder: "/opt/bin\\", want: "/opt/bin\\" },
    { folder: "bin/", cwd: null, want: "bin" },
    { folder: "C:\\bin\\", platform: WINDOWS, want: "C:\\bin" },
    { folder: "C:/bin/", platform: WINDOWS, want: "C:/bin" },
  ] as const
) {
  Deno.test(`resolveFolder() returns ${want} for ${folder} on ${platform.os}`, () => {
    const program = fakeProgram({ cwd: () => cwd ?? undefined });
    assertEquals(resolveFolder(folder, { platform, program }), want);
  });
}
