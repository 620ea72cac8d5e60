import { assertEquals, assertThrows } from "@std/assert";
import { denoDir } from "../../support/sandbox.ts";
import { withEnv } from "../../../lib/host/process/environment.ts";

const NAMES = ["KUBERLR_TEST_A", "KUBERLR_TEST_B", "KUBERLR_TEST_C"] as const;
const values = () => NAMES.map((name) => Deno.env.get(name));

function test(name: string, fn: () => void): void {
  Deno.test(name, () => {
    Deno.env.set("KUBERLR_TEST_A", "a");
    Deno.env.set("KUBERLR_TEST_B", "");
    try {
      fn();
      assertEquals(values(), ["a", "", undefined]);
    } finally {
      for (const name of NAMES) Deno.env.delete(name);
    }
  });
}

const CHANGES = { KUBERLR_TEST_A: undefined, KUBERLR_TEST_B: "b", KUBERLR_TEST_C: "" };

test("withEnv() changes, removes and adds, and puts back", () => {
  assertEquals(withEnv(CHANGES, values), [undefined, "b", ""]);
});

test("withEnv() puts back when the call fails", () => {
  assertThrows(
    () =>
      withEnv(CHANGES, () => {
        throw new Error("failed");
      }),
    Error,
    "failed",
  );
});

test("withEnv() puts back what was there when another is within", () => {
  const inner = { KUBERLR_TEST_A: "inner", KUBERLR_TEST_C: undefined };
  const [within, after] = withEnv(CHANGES, () => [withEnv(inner, values), values()]);
  assertEquals(within, ["inner", "b", undefined]);
  assertEquals(after, [undefined, "b", ""]);
});

/** Without it, Deno does not start for a user without a home. */
const DENO_DIR = `DENO_DIR=${denoDir()}`;

/** Returns the environment of a child of a program that was started with few variables. */
async function environmentAfter(statements: string): Promise<readonly string[]> {
  const module = new URL("../../../lib/host/process/environment.ts", import.meta.url);
  const program = `import { restoreEnvironment, withEnv } from "${module}";
restoreEnvironment(); ${statements}
await new Deno.Command("/usr/bin/env", { stdout: "inherit" }).spawn().status;`;
  const script = `exec env -i ODD="$(printf '\\377')" FIRST=1 SECOND= THIRD="a=b
c" "$0" "$@"`;
  const { stdout } = await new Deno.Command("/bin/sh", {
    args: ["-c", script, DENO_DIR, Deno.execPath(), "eval", "--no-check", program],
  }).output();
  const text = Array.from(stdout, (byte) => String.fromCharCode(byte)).join("");
  return text.split(/\n(?=[A-Z]|$)/).filter((each) => !each.startsWith("DENO_DIR=")).toSorted();
}

const AS_STARTED = ["", "FIRST=1", "ODD=\xff", "SECOND=", "THIRD=a=b\nc"];

for (
  const { name, statements } of [
    {
      name: "restoreEnvironment() leaves nothing of the node that Deno puts into PATH",
      statements: "",
    },
    {
      name: "restoreEnvironment() puts back what was set, removed and added",
      statements:
        `Deno.env.set("FIRST", "2"); Deno.env.delete("SECOND"); Deno.env.set("FOURTH", "x");
restoreEnvironment();`,
    },
    {
      name: "withEnv() leaves alone what is not UTF-8",
      statements:
        `withEnv({ ODD: undefined, FIRST: "" }, () => {}); withEnv({ ODD: "set" }, () => {});`,
    },
  ]
) {
  Deno.test({
    name,
    ignore: Deno.build.os !== "linux",
    async fn() {
      assertEquals(await environmentAfter(statements), AS_STARTED);
    },
  });
}
