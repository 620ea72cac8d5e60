/** Named pipes in place of files: kuberlr neither waits for their writers nor empties them. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { startApiServer } from "../support/api_server.ts";
import { makeAuthority } from "../support/certificates.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { startMirror } from "../support/mirror.ts";
import { kubectlBytes, writeMirror } from "../support/mirror_files.ts";
import { story } from "../support/sandbox.ts";
import { assertRan } from "../support/verdicts.ts";

const UNIX = { unix: "there is no mkfifo" };
const KUBECTLS = [{ version: "1.30.2", bytes: kubectlBytes("1.30.2") }];

const ca = await makeAuthority();
const tls = await ca.server();

function makePipe(path: string): string {
  const { success } = new Deno.Command("mkfifo", { args: [path] }).outputSync();
  assertEquals(success, true);
  return path;
}

for (
  const { name, path, variable } of [
    { name: "NETRC", path: "passwords", variable: "NETRC" },
    { name: "~/.netrc", path: "home/.netrc", variable: undefined },
  ]
) {
  story(`a named pipe as ${name} gives no password, and a download goes on`, async (box) => {
    await using mirror = await startMirror({ kubectls: KUBECTLS });
    const pipe = makePipe(`${box.root}/${path}`);
    const run = await box.run("kuberlr", ["get", "1.30.2"], {
      env: {
        KUBERLR_KUBEMIRRORURL: mirror.url,
        ...(variable === undefined ? {} : { [variable]: pipe }),
      },
    });
    assertEquals([run.status, run.stdout], [0, `${box.kubectl("1.30.2")}\n`], run.stderr);
    assertEquals(mirror.requests.some(({ headers }) => "authorization" in headers), false);
  }, UNIX);
}

story("a named pipe as SSL_CERT_FILE holds no authority; SSL_CERT_DIR counts", async (box) => {
  await using api = await startApiServer({ tls, version: "v1.30.2" });
  await using mirror = await startMirror({ kubectls: KUBECTLS, tls });
  box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
  box.fakeKubectl("1.30.2");
  box.fakeKubectl("1.33.0");
  box.write("authorities/ca.pem", ca.certificate);
  const env = {
    SSL_CERT_FILE: makePipe(`${box.root}/bundle`),
    SSL_CERT_DIR: `${box.root}/authorities`,
    KUBERLR_KUBEMIRRORURL: mirror.url,
  };
  const args = ["get", "pods"];
  assertRan(await box.run("kubectl", args, { env }), "1.30.2", args);

  Deno.removeSync(box.kubectl("1.30.2"));
  const got = await box.run("kuberlr", ["get", "1.30.2"], { env });
  assertEquals([got.status, got.stdout], [0, `${box.kubectl("1.30.2")}\n`], got.stderr);
}, {
  ...UNIX,
  unless: Deno.build.os === "linux" ? undefined : "only Linux has its authorities in files",
});

story("a checksum that is a named pipe in a file: mirror is an error at once", async (box) => {
  const arch = Deno.build.arch === "aarch64" ? "arm64" : "amd64";
  const platform = `${Deno.build.os}/${arch}`;
  writeMirror(`${box.root}/mirror`, { kubectls: KUBECTLS }, [platform]);
  const checksum = `${box.root}/mirror/release/v1.30.2/bin/${platform}/kubectl.sha512`;
  Deno.removeSync(checksum);
  makePipe(checksum);
  const run = await box.run("kuberlr", ["get", "1.30.2"], {
    env: { KUBERLR_KUBEMIRRORURL: encodeURI(`file://${box.root}/mirror`) },
  });
  assertEquals([run.status, run.stdout], [127, ""], run.stderr);
  assertStringIncludes(run.stderr, "kubectl.sha512");
  assertStringIncludes(run.stderr, "it is not a regular file");
  assertEquals(box.files(box.binaries), []);
}, UNIX);
