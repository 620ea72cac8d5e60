/**
 * The single file from a web server: it is run, installed and linked to, then the web server stops.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { quoteShellWord } from "../../lib/output/shell_word.ts";
import { buildTime, makeSingleFile } from "../../tools/compile.ts";
import { startApiServer } from "../support/api_server.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { serveRelease } from "../support/release_site.ts";
import { NOWHERE, type Sandbox, story } from "../support/sandbox.ts";
import { assertRan } from "../support/verdicts.ts";

/** Arguments that could be mistaken for Deno's or kuberlr's own. */
const ARGS = ["get", "pods", "-A", "--help-me", "kubectl", "--", "--as-kubectl"];

story("deno run URL kubectl runs kubectl, offline from then on", async (box) => {
  await using web = await serveSingleFile(box);
  await using api = await startApiServer({ version: "v1.29.1" });
  prepare(box, api.url);
  const run = () => box.exec(Deno.execPath(), ["run", "-A", "-q", web.url, "kubectl", ...ARGS]);
  assertRan(await run(), "1.29.4", ARGS);
  assertEquals(web.requests, ["kuberlr.js"]);

  await web.stop();
  assertRan(await run(), "1.29.4", ARGS);
  assertEquals(api.requests.length, 1);
});

story("deno install URL -- --as-kubectl makes a kubectl, offline from then on", async (box) => {
  await using web = await serveSingleFile(box);
  await using api = await startApiServer({ version: "v1.29.1" });
  prepare(box, api.url);
  const install = ["install", "-q", "-g", "-A", "--root", `${box.root}/installed`, "-n", "kubectl"];
  const installed = await box.exec(Deno.execPath(), [...install, web.url, "--", "--as-kubectl"]);
  assertEquals(installed.status, 0, installed.stderr);
  assertEquals(web.requests, ["kuberlr.js"]);

  await web.stop();
  const kubectl = `${box.root}/installed/bin/kubectl`;
  for (const args of [ARGS, ["version", "--client"], ["help"], []]) {
    assertRan(await box.exec(kubectl, args), "1.29.4", args);
  }
}, { unix: "deno install writes a script for cmd.exe there" });

story("a kubectl of deno install that does not say its name is told how to", async (box) => {
  await using web = await serveSingleFile(box);
  prepare(box, NOWHERE);
  const bin = `${box.root}/installed/bin`;
  box.env["PATH"] = `${bin}:${box.env["PATH"]}`;
  const install = ["install", "-q", "-g", "-A", "--root", `${box.root}/installed`, "-n", "kubectl"];
  await box.exec(Deno.execPath(), [...install, web.url]);

  const doctor = JSON.parse((await box.exec(`${bin}/kubectl`, ["doctor", "-o", "json"])).stdout);
  const { status, finding, hint } = doctor.find(({ check }: { check: string }) => check === "PATH");
  assertEquals([status, finding], ["warning", `"${bin}/kubectl" acts as kuberlr, not as kubectl`]);
  for (const args of [["get", "pods"], ["apply", "-f", "x"], ["config", "view"]]) {
    const run = await box.exec(`${bin}/kubectl`, args);
    assertEquals([run.status, run.stdout], [2, ""]);
    assertStringIncludes(run.stderr, `kuberlr: hint: ${hint}\n`);
  }

  const [, command = ""] = /"([^"]+)"/.exec(hint) ?? [];
  box.env["DENO_INSTALL_ROOT"] = `${box.root}/installed`;
  const followed = await box.exec("/bin/sh", ["-c", command]);
  assertEquals([followed.status, followed.stderr], [0, ""]);
  assertRan(await box.exec(`${bin}/kubectl`, ["version", "--client"]), "1.29.4", [
    "version",
    "--client",
  ]);
}, { unix: "deno install writes a script for cmd.exe there" });

story("link of a program from a URL makes a kubectl that runs it, offline", async (box) => {
  await using web = await serveSingleFile(box);
  await using api = await startApiServer({ version: "v1.29.1" });
  prepare(box, api.url);
  const dir = `${box.root}/linked`;
  const linked = await box.exec(Deno.execPath(), [
    ...["run", "-A", "-q", web.url],
    ...["link", "--dir", dir],
  ]);
  assertEquals([linked.status, linked.stdout], [0, `${dir}/kubectl\n`], linked.stderr);

  await web.stop();
  assertRan(await box.exec(`${dir}/kubectl`, ARGS), "1.29.4", ARGS);
  assertEquals(web.requests, ["kuberlr.js"]);
}, { unix: "link writes a script for cmd.exe there" });

story("without a kuberlr in PATH, hints name a command that starts it", async (box) => {
  await using web = await serveSingleFile(box);
  prepare(box, NOWHERE);
  const start = `deno run -qA ${web.url}`;
  const failed = await box.exec("/bin/sh", ["-c", `${start} nonsense`]);
  const [, command = ""] = /^kuberlr: hint: "([^"]*)" lists the commands/m.exec(failed.stderr) ??
    [];
  assertEquals(command, `${start} help`, failed.stderr);
  const followed = await box.exec("/bin/sh", ["-c", command]);
  assertEquals([followed.status, followed.stderr], [0, ""]);

  const doctor = await box.exec("/bin/sh", ["-c", `${start} doctor -o json`]);
  const hints = JSON.parse(doctor.stdout).map(({ hint = "" }) => hint).join("\n");
  assertEquals([hints.includes(`"${start} link --dir `), hints.includes('"kuberlr ')], [
    true,
    false,
  ]);
}, { unix: "its shells quote in different ways" });

story("hints and link start a single file without the configuration beside it", async (box) => {
  prepare(box, NOWHERE);
  const path = await makeSingleFile(`${box.root}/built`, await buildTime());
  // Another user can put it there if the folder is shared.
  box.write("built/deno.json", `{"imports": {"node:crypto": "./evil.js"}}`);
  box.write("built/evil.js", `console.log("evil ran");\n`);
  const start = `deno run -qA --no-config ${quoteShellWord(path)}`;
  const failed = await box.exec("/bin/sh", ["-c", `${start} nonsense`]);
  assertStringIncludes(failed.stderr, `hint: "${start} help"`);
  const dir = `${box.root}/linked`;
  await box.exec("/bin/sh", ["-c", `${start} link --dir ${quoteShellWord(dir)}`]);
  // For a release whose digest is pinned, that module is loaded before the mirror is asked.
  const env = { KUBERLR_DIGESTS: "pinned" };
  const got = await box.exec(`${dir}/kuberlr`, ["get", "1.30.2"], { env });
  assertEquals([got.status, got.stdout], [127, ""], got.stderr);
}, { unix: "its shells quote in different ways" });

/** Prepares a Deno in PATH that has never run the program, a cluster and its kubectl. */
function prepare(box: Sandbox, server: string): void {
  Deno.mkdirSync(`${box.root}/deno-in-path`);
  Deno.symlinkSync(Deno.execPath(), `${box.root}/deno-in-path/deno`);
  box.env["PATH"] = `${box.root}/deno-in-path:/usr/bin:/bin`;
  box.env["DENO_DIR"] = `${box.root}/deno-dir`;
  box.kubeconfig(kubeconfig().context("prod", { server }));
  box.fakeKubectl("1.29.4");
}

async function serveSingleFile(box: Sandbox) {
  const path = await makeSingleFile(`${box.root}/built`, await buildTime());
  const site = serveRelease({ "kuberlr.js": await Deno.readFile(path) });
  return {
    url: `${site.url}/kuberlr.js`,
    requests: site.requests,
    stop: site.stop,
    [Symbol.asyncDispose]: () => site.stop(),
  };
}
