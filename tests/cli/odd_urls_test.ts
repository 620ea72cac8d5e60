/**
 * URLs whose user and password contain characters that a URL may not contain: the password is never
 * shown, and never written to a file.
 */
import { assertEquals } from "@std/assert";
import { runInside } from "../support/in_process.ts";
import { type Sandbox, story } from "../support/sandbox.ts";

const MARK = ["s3cr", "3t"].join("");

/** Parts of a password; each part comes in each of the three positions. */
const ODD = [
  '"',
  "'",
  " ",
  "@",
  "/",
  "\\",
  "%",
  "%2",
  ":",
  "?",
  "#",
  "[",
  "{",
  "\u{1F600}",
  "\t",
  "$",
];
const BEGINNINGS = ["https://", "http://", "https:/", "//", "", "https:", "file://", "socks5://"];
const ENDS = ["127.0.0.1:9", "h.invalid/p", "[::1]:9"];

function* oddUrls(): Generator<string> {
  for (const beginning of BEGINNINGS) {
    for (const [index, odd] of ODD.entries()) {
      const other = ODD[(index + 5) % ODD.length];
      const end = ENDS[index % ENDS.length];
      yield `${beginning}me:${odd}${MARK}@${end}`;
      yield `${beginning}me${odd}x:x${other}${MARK}${odd}@${end}`;
    }
  }
}

const URLS = [...oddUrls()];

/** One URL of so many is tried; the step shares no factor with the lists. */
const STEP = 13;

/** The kubeconfig is not searched. */
function kubeconfigWith(box: Sandbox, field: "server" | "proxy-url"): string {
  const clusters = URLS.map((url, index) => ({
    name: `c${index}`,
    cluster: { server: "https://h.invalid", [field]: url },
  }));
  const contexts = URLS.map((_, index) => ({
    name: `x${index}`,
    context: { cluster: `c${index}` },
  }));
  return box.write(
    `given/${field}`,
    JSON.stringify({ kind: "Config", clusters, contexts, "current-context": "x0" }),
  );
}

function assertUnmarked(box: Sandbox, said: string): void {
  assertEquals(said.includes(MARK), false, said);
  for (const folder of [box.home, box.env.TMPDIR ?? box.home]) {
    for (const path of box.files(folder)) {
      assertEquals(Deno.readTextFileSync(`${folder}/${path}`).includes(MARK), false, path);
    }
  }
}

for (const field of ["server", "proxy-url"] as const) {
  story(`no password of an odd ${field} is shown or kept`, async (box) => {
    box.fakeKubectl("1.30.5", { folder: box.system });
    const KUBECONFIG = kubeconfigWith(box, field);
    const env = { KUBECONFIG, KUBERLR_TIMEOUT: "1", KUBERLR_VERBOSITY: "9" };
    for (const args of [["clusters", "--cached"], ["clusters", "--cached", "-o", "json"]]) {
      const run = await runInside(box, args, env);
      assertUnmarked(box, run.stdout + run.stderr);
    }
    for (let index = 0; index < URLS.length; index += STEP) {
      const context = `--context=x${index}`;
      for (
        const args of [
          ["explain", "--", "get", "x", context],
          ["explain", "-o", "json", "--", "get", "x", context],
          ["which", "--refresh", "--", "get", "x", context],
          ["kubectl", "get", "x", context],
        ]
      ) {
        const run = await runInside(box, args, env);
        assertUnmarked(box, run.stdout + run.stderr);
      }
    }
    // kubectl's own message about it is kubectl's responsibility.
    const run = await box.run("kubectl", ["get", "x"], { env });
    assertUnmarked(box, run.stderr);
  });
}

story("no password of an odd mirror, pin or proxy is shown or kept", async (box) => {
  for (let index = 0; index < URLS.length; index += STEP) {
    const url = URLS[index] ?? "";
    for (
      const name of [
        "KUBERLR_KUBEMIRRORURL",
        "KUBERLR_CHECKSUMURL",
        "KUBERLR_KUBECTL",
        "HTTPS_PROXY",
      ]
    ) {
      const env = {
        KUBERLR_KUBEMIRRORURL: "https://h.invalid",
        KUBERLR_TIMEOUT: "1",
        [name]: url,
      };
      for (const args of [["config", "-o", "json"], ["get", "1.30.2"]]) {
        const run = index === 0
          ? await box.run("kuberlr", args, { env })
          : await runInside(box, args, env);
        // A pin that looks like a path is shown unchanged.
        if (name === "KUBERLR_KUBECTL" && !/^[a-z\d]+:\/\//.test(url)) continue;
        assertUnmarked(box, run.stdout + run.stderr);
      }
    }
  }
});
