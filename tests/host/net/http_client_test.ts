/** Decisions that Deno makes once per process: each test runs a script in a process of its own. */
import { assertEquals } from "@std/assert";
import { startApiServer } from "../../support/api_server.ts";
import { makeAuthority } from "../../support/certificates.ts";

const WINDOWS = Deno.build.os === "windows";
const PROGRAM = `${import.meta.dirname}/../../testdata/ask_in_order.ts`;
const NAMES = ["127.0.0.1", "kubernetes.default"];
const ours = await makeAuthority({ name: "ours" });
const systems = await makeAuthority({ name: "systems" });

/**
 * Asks servers in one process whose system store holds only `systems`, and returns how each
 * answered. A step is the server's authority and the authority that the client trusts:
 * `ours/system`.
 */
async function askInOrder(
  steps: readonly string[],
  env: Record<string, string> = {},
): Promise<{ readonly answers: Record<string, string>; readonly environmentKept: boolean }> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/ours.pem`, ours.certificate);
    await Deno.writeTextFile(`${folder}/systems.pem`, systems.certificate);
    await using first = await startApiServer({ tls: await ours.server({ names: NAMES }) });
    await using second = await startApiServer({ tls: await systems.server({ names: NAMES }) });
    const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", PROGRAM, ...steps],
      env: {
        SSL_CERT_FILE: `${folder}/systems.pem`,
        SSL_CERT_DIR: `${folder}/none`,
        OURS: `${folder}/ours.pem`,
        OURS_URL: first.url,
        SYSTEMS_URL: second.url,
        ...Object.fromEntries(
          Object.entries(env).map(([name, value]) => [name, value.replace("{folder}", folder)]),
        ),
      },
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const RIGHT: Readonly<Record<string, string>> = {
  "ours/ours": "answer",
  "ours/system": "tls",
  "systems/system": "answer",
  "systems/ours": "tls",
  "ours/insecure": "answer",
  "ours/named": "answer",
  "systems/named": "tls",
};

for (
  const first of ["ours/ours", "systems/system", "ours/insecure", "ours/named", "ours/system"]
) {
  Deno.test({
    name: `ask() trusts per request and not per process, ${first} being the first`,
    // A test cannot replace the stores of the other systems.
    ignore: Deno.build.os !== "linux",
    async fn() {
      const steps = [first, ...Object.keys(RIGHT).filter((step) => step !== first)];
      // The store that a mistake would fall back to contains `systems`.
      const { answers } = await askInOrder(steps, { DENO_TLS_CA_STORE: "system" });
      assertEquals(answers, RIGHT);
    },
  });
}

for (
  const [name, value] of [
    ["DENO_TLS_CA_STORE", "system"],
    ["DENO_TLS_CA_STORE", "mozilla,system"],
    ["DENO_CERT", "{folder}/systems.pem"],
    ["NODE_EXTRA_CA_CERTS", "{folder}/systems.pem"],
    ["HTTPS_PROXY", "http://127.0.0.1:9"],
    ["https_proxy", "http://127.0.0.1:9"],
    ["ALL_PROXY", "socks5://127.0.0.1:9"],
    ["NO_PROXY", "kubernetes.default"],
  ] as const
) {
  Deno.test({
    name: `ask() heeds no ${name}=${value}, and leaves it as it is`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      assertEquals(await askInOrder(Object.keys(RIGHT), { [name]: value }), {
        answers: RIGHT,
        environmentKept: true,
      });
    },
  });
}

Deno.test({
  name: "ask() leaves the bytes of the environment alone, those that are not UTF-8 too",
  ignore: WINDOWS,
  async fn() {
    const script = `printf -v bad '\\xff\\xfe'; export HTTPS_PROXY="$bad" no_proxy=x ZZ=1
      exec "$@"`;
    await using server = await startApiServer({ tls: await ours.server() });
    const path = await Deno.makeTempFile();
    try {
      await Deno.writeTextFile(path, ours.certificate);
      const { stdout, stderr } = await new Deno.Command("bash", {
        args: [
          "-c",
          script,
          "bash",
          Deno.execPath(),
          "run",
          "-A",
          "--no-check",
          PROGRAM,
          "ours/ours",
        ],
        env: { OURS: path, OURS_URL: server.url, SYSTEMS_URL: server.url },
      }).output();
      const text = new TextDecoder().decode(stdout);
      assertEquals(
        text === "" ? new TextDecoder().decode(stderr) : JSON.parse(text),
        { answers: { "ours/ours": "answer" }, environmentKept: true },
      );
    } finally {
      await Deno.remove(path);
    }
  },
});
