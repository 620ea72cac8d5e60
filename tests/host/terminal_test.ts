import { assertEquals } from "@std/assert";
import { denoTerminal } from "../../lib/host/terminal.ts";

const windows = Deno.build.os === "windows";
const MODULE = new URL("../../lib/host/terminal.ts", import.meta.url).href;
const BIG = 2_000_000;

/** Runs a script with a shell's help, and returns its result. */
async function run(script: string, shell: string): Promise<{ code: number; stdout: string }> {
  const { code, stdout } = await new Deno.Command("/bin/sh", {
    args: [
      "-c",
      shell,
      Deno.execPath(),
      `import { denoTerminal } from ${JSON.stringify(MODULE)}; ${script}`,
    ],
    stdin: "null",
    stderr: "null",
  }).output();
  return { code, stdout: new TextDecoder().decode(stdout) };
}

for (
  const { name, script, shell, stdout } of [
    {
      name: "a reader that has gone",
      script: `denoTerminal().stderr.write("x".repeat(${BIG})); console.log("went on");`,
      shell: `exec 3>&1; { "$0" eval "$1" 2>&1 >&3 3>&- | true; }`,
      stdout: "went on\n",
    },
    {
      name: "a stderr that is closed",
      script: `denoTerminal().stderr.write("x"); console.log("went on");`,
      shell: `exec "$0" eval "$1" 2>&-`,
      stdout: "went on\n",
    },
    {
      name: "a full disk",
      script: `denoTerminal().stderr.write("x"); console.log("went on");`,
      shell: `[ -e /dev/full ] || exec echo "went on"; exec "$0" eval "$1" 2>/dev/full`,
      stdout: "went on\n",
    },
    {
      name: "a slow reader, who gets all of it",
      script: `denoTerminal().stderr.write("x".repeat(${BIG}));`,
      shell: `"$0" eval "$1" 2>&1 >/dev/null | { sleep 0.2; wc -c | tr -d " "; }`,
      stdout: `${BIG}\n`,
    },
    {
      name: "no terminal",
      script:
        `const { stderr } = denoTerminal(); console.log(stderr.isTerminal, stderr.columns());`,
      shell: `exec "$0" eval "$1"`,
      stdout: "false undefined\n",
    },
  ]
) {
  Deno.test({
    name: `denoTerminal() copes with ${name}${windows ? " (ignored: needs a shell)" : ""}`,
    ignore: windows,
    fn: async () => assertEquals((await run(script, shell)).stdout, stdout),
  });
}

Deno.test("denoTerminal() tries a full pipe a thousand times, a millisecond apart", () => {
  const { writeSync } = Deno.stderr;
  const { wait } = Atomics;
  const waits: (number | undefined)[] = [];
  try {
    Deno.stderr.writeSync = () => {
      throw new Deno.errors.WouldBlock();
    };
    Atomics.wait = ((...args: Parameters<typeof wait>) => {
      waits.push(args[3]);
      return "timed-out";
    }) as typeof wait;
    denoTerminal().stderr.write("x");
  } finally {
    Deno.stderr.writeSync = writeSync;
    Atomics.wait = wait;
  }
  assertEquals(waits, Array(1_000).fill(1));
});
