import { assertEquals } from "@std/assert";

/** Returns the status and the output of a process in which an error escapes. */
async function runScript(script: string): Promise<readonly (number | string)[]> {
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  const module = new URL("../../../lib/host/net/uncaught.ts", import.meta.url).href;
  try {
    await Deno.writeTextFile(
      path,
      `import { onUncaught, surviveUncaught } from "${module}";\n${script}`,
    );
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-config", path],
      stderr: "null",
    }).output();
    return [code, new TextDecoder().decode(stdout)];
  } finally {
    await Deno.remove(path);
  }
}

const THROW = "setTimeout(() => { throw new Error('stray'); });";
const REJECT = "setTimeout(() => { Promise.reject(new Error('stray')); });";
const WAIT = "await new Promise((resolve) => setTimeout(resolve, 50));";
const LISTEN = "const forget = onUncaught(({ message }) => console.log(message));";

for (
  const { name, script, want } of [
    { name: "an error of a timer", script: `${LISTEN} ${THROW} ${WAIT}`, want: [0, "stray\n"] },
    { name: "a rejection", script: `${LISTEN} ${REJECT} ${WAIT}`, want: [0, "stray\n"] },
    {
      name: "one of two, which may be the other's",
      script: `${LISTEN} onUncaught(() => console.log("other")); ${THROW} ${WAIT}`,
      want: [0, ""],
    },
    {
      name: "one after the other has ended",
      script: `${LISTEN} onUncaught(() => console.log("other"))(); ${THROW} ${WAIT}`,
      want: [0, "stray\n"],
    },
    {
      name: "null, a reason without a message",
      script: `onUncaught((error) => console.log(error)); Promise.reject(null); ${WAIT}`,
      want: [0, "null\n"],
    },
    {
      name: "none once it is told to forget",
      script: `${LISTEN} forget(); ${THROW}`,
      want: [1, ""],
    },
  ]
) {
  Deno.test(`onUncaught() is told of ${name}`, async () => {
    assertEquals(await runScript(script), want);
  });
}

for (const stray of [THROW, REJECT, "setTimeout(() => { Promise.reject(null); });"]) {
  Deno.test(`surviveUncaught() outlives ${stray}`, async () => {
    const script = `surviveUncaught(); onUncaught(() => {})(); ${stray} ${WAIT}`;
    assertEquals(await runScript(`${script} console.log("alive");`), [0, "alive\n"]);
  });
}
