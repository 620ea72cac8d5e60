/** From a checkout whose packages are not in Deno's cache, where the registry cannot be reached. */
import { assertEquals } from "@std/assert";

for (const args of [["kubectl", "get", "pods"], ["bins"]]) {
  Deno.test(`without its packages, "kuberlr ${args.join(" ")}" says what is missing`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      const main = new URL("../../main.ts", import.meta.url);
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--quiet", "--allow-all", main.href, ...args],
        env: {
          HOME: folder,
          DENO_DIR: `${folder}/deno`,
          NPM_CONFIG_REGISTRY: "http://127.0.0.1:9",
        },
      }).output();
      const decoder = new TextDecoder();
      assertEquals({ code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) }, {
        code: 125,
        stdout: "",
        stderr: "kuberlr: error: Cannot load kuberlr: its packages are not in Deno's cache\n" +
          'kuberlr: hint: Run "deno install" in the checkout where the network can be reached\n',
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
