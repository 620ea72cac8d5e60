/** From a checkout whose packages are not in Deno's cache. */
import { assertEquals } from "@std/assert";
import { SOURCE } from "../support/program_under_test.ts";

async function run(args: readonly string[], folder: string, registry: string) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", SOURCE.href, ...args],
    env: { HOME: folder, DENO_DIR: `${folder}/deno`, NPM_CONFIG_REGISTRY: registry },
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** On Windows Deno keeps a hard link to its own executable in its cache, which cannot be removed while it runs. */
async function removeAll(folder: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch((error) => {
    if (Deno.build.os !== "windows") throw error;
  });
}

for (const args of [["kubectl", "get", "pods"], ["bins"]]) {
  Deno.test(`without its packages and a registry, "kuberlr ${args.join(" ")}" says what is missing`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      assertEquals(await run(args, folder, "http://127.0.0.1:9"), {
        code: 125,
        stdout: "",
        stderr: "kuberlr: error: Cannot load kuberlr: its packages are not in Deno's cache\n" +
          'kuberlr: hint: Run "deno install" in the checkout where the network can be reached\n',
      });
    } finally {
      await removeAll(folder);
    }
  });
}

Deno.test("a checkout's first command asks for no package that only tests and tools need", async () => {
  const folder = await Deno.makeTempDir();
  const asked = new Set<string>();
  await using registry = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      asked.add(new URL(request.url).pathname.split("/-/")[0]!);
      return new Response(null, { status: 404 });
    },
  );
  try {
    await run(["kubectl", "get", "pods"], folder, `http://127.0.0.1:${registry.addr.port}`);
    assertEquals(asked, new Set(["/std-semver"]));
  } finally {
    await removeAll(folder);
  }
});
