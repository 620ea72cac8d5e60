/**
 * The first run of README's commands, behind a proxy that signs certificates itself: Deno fetches
 * packages before any code of this project runs, and cannot trust their registry.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { makeAuthority } from "../support/certificates.ts";

const ROOT = new URL("../..", import.meta.url);

for (const task of ["demo", "test"]) {
  Deno.test(`"task ${task}" names the cure for UnknownIssuer, which stands in README`, async () => {
    const { certificate, key } = await (await makeAuthority()).server();
    await using registry = Deno.serve(
      { hostname: "127.0.0.1", port: 0, cert: certificate, key, onListen() {} },
      () => new Response("not reached", { status: 404 }),
    );
    const home = await Deno.makeTempDir();
    try {
      const { code, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["task", task],
        cwd: ROOT,
        clearEnv: true,
        env: {
          ...(Deno.build.os === "windows" && { SystemRoot: Deno.env.get("SystemRoot") ?? "" }),
          HOME: home,
          DENO_DIR: home,
          NO_COLOR: "1",
          NPM_CONFIG_REGISTRY: `https://127.0.0.1:${registry.addr.port}/`,
        },
        stdin: "null",
      }).output();
      const said = new TextDecoder().decode(stderr);
      assertEquals(code, 1, said);
      assertStringIncludes(said, "invalid peer certificate: UnknownIssuer");
      const [, cure = "nothing"] = /^Task .*UnknownIssuer.*: (export \S+)/m.exec(said) ?? [];
      const readme = await Deno.readTextFile(new URL("README.md", ROOT));
      assert(readme.includes(`fails with \`UnknownIssuer\`, run \`${cure}\` first`), cure);
    } finally {
      await Deno.remove(home, { recursive: true });
    }
  });
}
