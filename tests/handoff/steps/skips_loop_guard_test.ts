import { assertEquals } from "@std/assert";
import { denoFiles } from "../../../lib/host/disk/files.ts";
import { layoutUnder } from "../../../lib/files/layout.ts";
import { skipsLoopGuard } from "../../../lib/handoff/steps/skips_loop_guard.ts";
import { LINUX } from "../../support/fake_host.ts";

const MIB = 1 << 20;

for (
  const { name, path = "linux-amd64/kubectl", bytes = 50 * MIB, link, want } of [
    { name: "a file of kuberlr's own folder", want: true },
    { name: "a script", bytes: 300, want: false },
    { name: "what is as large as a compiled kuberlr", bytes: 90 * MIB, want: false },
    { name: "a file elsewhere", path: "elsewhere", want: false },
    { name: "a file in a folder below", path: "linux-amd64/below/kubectl", want: false },
    {
      name: "a path that leaves the folder",
      path: "linux-amd64/below/../../elsewhere",
      want: false,
    },
    { name: "a link to a file elsewhere", link: "../elsewhere", want: false },
    { name: "a link that leads nowhere", link: "nothing", want: false },
  ] as const satisfies readonly {
    readonly name: string;
    readonly path?: string;
    readonly bytes?: number;
    readonly link?: string;
    readonly want: boolean;
  }[]
) {
  Deno.test({
    name: `skipsLoopGuard() says ${want} of ${name}`,
    ignore: Deno.build.os === "windows",
    fn() {
      const root = Deno.makeTempDirSync({ prefix: "kuberlr-final-" });
      try {
        Deno.mkdirSync(`${root}/linux-amd64/below`, { recursive: true });
        for (
          const file of [`${root}/elsewhere`, ...link === undefined ? [`${root}/${path}`] : []]
        ) {
          Deno.writeTextFileSync(file, "");
          Deno.truncateSync(file, bytes);
        }
        if (link !== undefined) Deno.symlinkSync(link, `${root}/${path}`);
        const host = { files: denoFiles(LINUX) };
        assertEquals(skipsLoopGuard(`${root}/${path}`, [layoutUnder(LINUX, root)], host), want);
      } finally {
        Deno.removeSync(root, { recursive: true });
      }
    },
  });
}

Deno.test("skipsLoopGuard() says false of what is missing, and without a home", () => {
  const host = { files: denoFiles(LINUX) };
  assertEquals(
    skipsLoopGuard("/nowhere/linux-amd64/kubectl", [layoutUnder(LINUX, "/nowhere")], host),
    false,
  );
  assertEquals(skipsLoopGuard("/nowhere/linux-amd64/kubectl", [], host), false);
});
