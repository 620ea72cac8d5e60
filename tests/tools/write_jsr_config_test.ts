import { assertEquals } from "@std/assert";
import { formatJsrConfig } from "../../tools/write_jsr_config.ts";

const read = (name: string) => Deno.readTextFileSync(new URL(`../../${name}`, import.meta.url));

Deno.test("deno.jsr.json is what tools/write_jsr_config.ts makes of deno.json", () => {
  assertEquals(JSON.parse(read("deno.jsr.json")), JSON.parse(formatJsrConfig(read("deno.json"))));
});

Deno.test("formatJsrConfig() takes @std from JSR and leaves the rest alone", () => {
  const imports = {
    "@std/path/posix": "./std/path_posix.ts",
    "@std/toml": "npm:smol-toml@1.9.1",
    "js-yaml": "npm:js-yaml@4.3.2",
  };
  assertEquals(JSON.parse(formatJsrConfig(JSON.stringify({ name: "x", imports }))), {
    name: "x",
    imports: {
      "@std/path/posix": "jsr:@std/path@^1.0.0/posix",
      "@std/toml": "jsr:@std/toml@^1.0.0",
      "js-yaml": "npm:js-yaml@4.3.2",
    },
  });
});
