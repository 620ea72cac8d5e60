/** The first step of the demo and the tests, with a registry that Deno does not trust. */
import { assertEquals, assertMatch } from "@std/assert";
import { startApiServer } from "../support/api_server.ts";
import { makeAuthority } from "../support/certificates.ts";

const PROGRAM = `${import.meta.dirname}/../../tools/fetch_packages.ts`;

Deno.test("packages that are cached need no registry", async () => {
  assertEquals(await fetchPackages({ HTTPS_PROXY: "http://127.0.0.1:2" }), {
    code: 0,
    stderr: "",
  });
});

Deno.test("a registry that Deno does not trust: the failure is followed by its cure", async () => {
  const { code, stderr } = await fetchFromUntrusted({});
  assertEquals(code, 1);
  assertMatch(stderr, /UnknownIssuer[^]*\n {2}export DENO_TLS_CA_STORE=mozilla,system\n$/);
});

Deno.test("the cure is not named where it was taken", async () => {
  const { code, stderr } = await fetchFromUntrusted({ DENO_TLS_CA_STORE: "mozilla" });
  assertEquals([code, stderr.includes("export ")], [1, false]);
});

async function fetchFromUntrusted(env: Readonly<Record<string, string>>) {
  const authority = await makeAuthority();
  await using registry = await startApiServer({ tls: await authority.server() });
  const cache = await Deno.makeTempDir({ prefix: "kuberlr-packages-" });
  try {
    return await fetchPackages({
      DENO_DIR: cache,
      NPM_CONFIG_REGISTRY: `${registry.url}/`,
      ...env,
    });
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
}

async function fetchPackages(env: Readonly<Record<string, string>>) {
  const kept = ["HOME", "PATH", "DENO_DIR"].flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", PROGRAM],
    env: { ...Object.fromEntries(kept), NO_COLOR: "1", ...env },
    clearEnv: true,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}
