/** kubectl.cmd is ASCII, even if kuberlr's path is not: the code page of cmd.exe is not known. */
import { assertEquals } from "@std/assert";
import { renderCmdScript } from "../../lib/launcher/cmd_script.ts";
import { WINE } from "../support/wine.ts";

const PLACE = { folder: "D:\\bin", home: "C:\\Users\\Jürgen" };
const DENO = "C:\\deno\\deno.exe";

for (
  const { name, words, place = PLACE, want } of [
    {
      name: "a program beside it",
      words: ["D:\\bin\\kuberlr.exe", "--as-kubectl"],
      want: `@"%~dp0kuberlr.exe" "--as-kubectl" %*`,
    },
    {
      name: "a program beside it, in another letter case",
      words: ["d:\\Bin\\kuberlr.exe"],
      want: `@"%~dp0kuberlr.exe" %*`,
    },
    {
      name: "a program in the home",
      words: ["C:\\Users\\Jürgen\\100%\\kuberlr.exe"],
      want: `@"%USERPROFILE%\\100%%\\kuberlr.exe" %*`,
    },
    {
      name: "a module in the home, whose path Deno writes with slashes",
      words: ["C:\\Users\\Jürgen\\.deno\\bin\\deno.exe", "run", "C:/Users/Jürgen/kuberlr/main.ts"],
      want: `@"%USERPROFILE%\\.deno\\bin\\deno.exe" "run" "%USERPROFILE%\\kuberlr\\main.ts" %*`,
    },
    {
      name: "a module elsewhere, with umlauts: by its URL",
      words: [DENO, "run", "E:/Müller & Söhne/100%/main.ts"],
      want:
        `@"${DENO}" "run" "file:///E:/M%%C3%%BCller%%20%%26%%20S%%C3%%B6hne/100%%25/main.ts" %*`,
    },
    {
      name: "a module below the home in a folder with umlauts: by its URL",
      words: [DENO, "run", "C:/Users/Jürgen/Übung/main.ts"],
      want: `@"${DENO}" "run" "file:///C:/Users/J%%C3%%BCrgen/%%C3%%9Cbung/main.ts" %*`,
    },
    {
      name: "a module that is a URL",
      words: [DENO, "run", "https://example.com/a%20b/kuberlr.js"],
      want: `@"${DENO}" "run" "https://example.com/a%%20b/kuberlr.js" %*`,
    },
    {
      name:
        "a program with umlauts that PATH finds: by its name, and never from the working directory",
      words: ["E:\\Müller\\deno.exe", "run"],
      place: { ...PLACE, isInPath: true },
      want: `@for %%i in ("deno.exe") do @"%%~$PATH:i" "run" %*`,
    },
    {
      name: "neither folder nor home known",
      words: ["C:\\100%\\kuberlr.exe"],
      place: { folder: "", home: undefined },
      want: `@"C:\\100%%\\kuberlr.exe" %*`,
    },
  ]
) {
  Deno.test(`renderCmdScript() spells ${name}`, () => {
    const script = renderCmdScript(words, place);
    assertEquals(script, `@rem made by "kuberlr link"\r\n${want}\r\n`);
    assertEquals(/[^\r\n\x20-\x7e]/.test(script), false);
  });
}

Deno.test("renderCmdScript() reads a program's umlauts while the page is UTF-8's, and puts the page back", () => {
  const lines = renderCmdScript(["E:\\Müller\\deno.exe", "run", "E:/Müller/main.ts"], PLACE)
    .split("\r\n");
  const umlauts = lines.flatMap((line, index) => line.includes("ü") ? [index] : []);
  assertEquals(umlauts, [lines.indexOf(`@set "_program=E:\\Müller\\deno.exe"`)]);
  assertEquals(lines[umlauts[0]! - 1], "@chcp 65001 >nul");
  assertEquals(lines[umlauts[0]! + 1], "@chcp %_page% >nul");
  assertEquals(lines.at(-2), `@"%_program%" "run" "file:///E:/M%%C3%%BCller/main.ts" %*`);
});

const WINDOWS = Deno.build.os === "windows";

for (const where of ["beside it", "in the home", "in PATH", "elsewhere"] as const) {
  const reason = !WINDOWS
    ? "it needs Windows"
    : where === "elsewhere" && WINE
    ? "Wine's cmd.exe reads every script in one code page"
    : undefined;
  Deno.test({
    name: `cmd.exe starts a program ${where}, below a folder with umlauts` +
      (reason === undefined ? "" : ` (ignored: ${reason})`),
    ignore: reason !== undefined,
    async fn() {
      const root = await Deno.makeTempDir({ prefix: "kuberlr-cmd-" });
      try {
        const far = `${root}\\Jürgen Müller`;
        await Deno.mkdir(far);
        await Deno.copyFile(Deno.execPath(), `${far}\\deno.exe`);
        await Deno.writeTextFile(
          `${far}\\main.ts`,
          "console.log(Deno.args.join(' ')); Deno.exit(7);",
        );
        const folder = where === "beside it" ? far : root;
        const home = where === "in the home" ? far : "C:\\nowhere";
        const words = [
          `${far}\\deno.exe`,
          "run",
          "--quiet",
          "-A",
          `${far.replaceAll("\\", "/")}/main.ts`,
          "--as-kubectl",
        ];
        const isInPath = where === "in PATH";
        const script = renderCmdScript(words, { folder, home, isInPath });
        await Deno.writeTextFile(`${folder}\\kubectl.cmd`, script);
        const { code, stdout, stderr } = await new Deno.Command("cmd", {
          args: ["/d", "/c", "kubectl.cmd", "get", "pods"],
          cwd: folder,
          env: {
            USERPROFILE: home,
            ...(isInPath && { PATH: `${Deno.env.get("PATH")};${far}` }),
          },
        }).output();
        const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
        assertEquals([code, said.trim()], [7, "--as-kubectl get pods"]);
      } finally {
        await Deno.remove(root, { recursive: true });
      }
    },
  });
}
