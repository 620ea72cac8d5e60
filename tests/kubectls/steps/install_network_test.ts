import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { KuberlrError } from "../../../lib/errors.ts";
import { parseReceipt } from "../../../lib/kubectls/receipt.ts";
import { installKubectl } from "../../../lib/kubectls/steps/install_kubectl.ts";
import {
  type InstallWorld,
  installWorld,
  mirrorConfig,
  wanted,
} from "../../support/install_world.ts";
import { startMirror } from "../../support/mirror.ts";
import { elfBytes } from "../../support/mirror_files.ts";

const KUBECTLS = [{ version: "1.30.2", bytes: elfBytes(50_000) }];

function receipt(world: InstallWorld, name: string) {
  return parseReceipt(Deno.readTextFileSync(`${world.layout.receipts}/${name}.json`));
}

Deno.test("installKubectl() sends a URL's credentials, and shows and stores none", async () => {
  using world = installWorld();
  await using mirror = await startMirror({ kubectls: KUBECTLS, credentials: "me@work:s3cr3t/a" });
  const url = mirror.url.replace("://", "://me%40work:s3cr3t%2Fa@");
  await installKubectl(wanted("1.30.2"), mirrorConfig(`${url}/?sig=t0ps3cr3t`), {}, world.host);
  assertStringIncludes(receipt(world, "1.30.2")?.url ?? "", `${mirror.url}/release/v1.30.2/bin/`);
  const written = Deno.readTextFileSync(`${world.layout.receipts}/1.30.2.json`) + world.stderr();
  assertEquals(/s3cr3t|t0p/.exec(written), null);
  assertStringIncludes(mirror.requests[0]?.path ?? "", ".sha512?sig=t0ps3cr3t");
  const error = await assertRejects(
    () => installKubectl(wanted("1.10"), mirrorConfig(`${url}/?sig=t0ps3cr3t`), {}, world.host),
    KuberlrError,
  );
  assertEquals(/s3cr3t|t0p/.exec(error.message), null);
});

Deno.test("installKubectl() takes credentials from netrc", async () => {
  using world = installWorld();
  await using mirror = await startMirror({ kubectls: KUBECTLS, credentials: "me:secret" });
  Deno.writeTextFileSync(
    `${world.home}/${Deno.build.os === "windows" ? "_" : "."}netrc`,
    "machine 127.0.0.1\n  login me\n  password secret\n",
  );
  await installKubectl(wanted("1.30.2"), mirrorConfig(mirror.url), {}, world.host);
  assertEquals(world.kubectls(), ["kubectl1.30.2"]);
});

Deno.test("installKubectl() follows redirects, and its credentials do not", async () => {
  using world = installWorld();
  await using store = await startMirror({ kubectls: KUBECTLS });
  await using front = await startMirror({
    kubectls: [],
    credentials: "me:secret",
    fault: ({ path }) => ({ kind: "redirect", location: store.url + path }),
  });
  await installKubectl(
    wanted("1.30.2"),
    mirrorConfig(front.url.replace("://", "://me:secret@")),
    {},
    world.host,
  );
  assertEquals(world.kubectls(), ["kubectl1.30.2"]);
  assertEquals(store.requests.map(({ headers }) => headers.authorization), [undefined, undefined]);
});

Deno.test("installKubectl() follows no redirect from https to plain http", async () => {
  const { makeAuthority } = await import("../../support/certificates.ts");
  const authority = await makeAuthority();
  const { certificate, key } = await authority.server();
  using world = installWorld();
  Deno.writeTextFileSync(`${world.home}/ca.pem`, authority.certificate);
  world.variables.DENO_CERT = `${world.home}/ca.pem`;
  await using plain = await startMirror({ kubectls: KUBECTLS });
  await using front = await startMirror({
    kubectls: [],
    tls: { certificate, key },
    fault: ({ path }) => ({ kind: "redirect", location: plain.url + path }),
  });
  await assertRejects(
    () => installKubectl(wanted("1.30.2"), mirrorConfig(front.url), {}, world.host),
    KuberlrError,
    "redirected from https to plain http",
  );
  assertEquals(plain.requests, []);
});

Deno.test("installKubectl() goes through the proxy of the environment, by Go's rules", async () => {
  using world = installWorld();
  await using proxy = await startMirror({ kubectls: KUBECTLS });
  world.variables.HTTP_PROXY = proxy.url.replace("http://", "http://me:pass@");
  await installKubectl(wanted("1.30.2"), mirrorConfig("http://mirror.invalid"), {}, world.host);
  assertEquals(world.kubectls(), ["kubectl1.30.2"]);
  const headers = proxy.requests[0]?.headers;
  assertEquals(headers?.host, "mirror.invalid");
  assertEquals(headers?.["proxy-authorization"], `Basic ${btoa("me:pass")}`);
  world.variables.NO_PROXY = ".invalid";
  await assertRejects(
    () => installKubectl(wanted("1.27"), mirrorConfig("http://mirror.invalid"), {}, world.host),
    KuberlrError,
    "the host name cannot be resolved",
  );
});
