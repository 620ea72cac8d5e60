/** A sandbox whose /proc is almost empty: kubectl still gets the environment that kuberlr got. */
import { assertEquals } from "@std/assert";
import { fakeOutput } from "../support/fake_kubectl.ts";
import { missingMounts } from "../support/mounts.ts";
import { programUnderTest } from "../support/program_under_test.ts";
import { sandbox } from "../support/sandbox.ts";

const ARGS = ["version", "--client"];
/** Deno itself does not start without this link. */
const LINK = `ln -s '${Deno.execPath()}' /proc/self/exe`;

const reason = missingMounts ??
  (programUnderTest().length === 1 && !programUnderTest()[0].endsWith(".js")
    ? "an executable finds itself through /proc"
    : undefined);

for (
  const [what, make] of [
    ["no environment", ":"],
    ["an empty environment", ": > /proc/self/environ"],
  ] as const
) {
  const name = `kubectl runs where /proc shows ${what}`;
  Deno.test({
    name: reason === undefined ? name : `${name} (ignored: ${reason})`,
    ignore: reason !== undefined,
    async fn() {
      await using box = await sandbox();
      box.fakeKubectl("1.29.4", { then: 'echo "$HOME"' });
      const script = `mount -t tmpfs none /proc && mkdir /proc/self && ${LINK} && ${make} && ` +
        'exec "$0" "$@"';
      for (let time = 0; time < 2; time++) {
        const args = ["-m", "sh", "-c", script, ...box.command("kubectl"), ...ARGS];
        const { stdout, stderr } = await box.exec("unshare", args);
        assertEquals([stdout, stderr], [`${fakeOutput("1.29.4", ARGS)}${box.home}\n`, ""]);
      }
    },
  });
}

const isExecutable = programUnderTest().length === 1 && !programUnderTest()[0].endsWith(".js");
const noExecutable = missingMounts ?? (isExecutable ? undefined : "it is about an executable");

for (const [program, args] of [["kubectl", ARGS], ["kuberlr", ["bins"]]] as const) {
  const name = `an executable named ${program} is ${program} without /proc`;
  Deno.test({
    name: noExecutable === undefined ? name : `${name} (ignored: ${noExecutable})`,
    ignore: noExecutable !== undefined,
    async fn() {
      await using box = await sandbox();
      const path = box.fakeKubectl("1.29.4");
      // Deno finds its code through this link; nothing else is in /proc.
      const link = `ln -s '${programUnderTest()[0]}' /proc/self/exe`;
      const script = `mount -t tmpfs none /proc && mkdir /proc/self && ${link} && exec "$0" "$@"`;
      const { stdout } = await box.exec("unshare", [
        ...["-m", "sh", "-c", script],
        ...[...box.command(program), ...args],
      ]);
      const isRight = program === "kubectl"
        ? stdout === fakeOutput("1.29.4", ARGS)
        : stdout.includes(path);
      assertEquals(isRight, true, stdout);
    },
  });
}
