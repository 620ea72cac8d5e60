import { assertEquals, assertThrows } from "@std/assert";
import { KuberlrError } from "../../lib/errors.ts";
import { countHandOff, hasSizeOfKubectl } from "../../lib/handoff/wrapper_loop.ts";

const NOW_MS = 1_800_000_000_999;

for (
  const { name, inherited, want } of [
    { name: "begins at one", inherited: undefined, want: "1:1800000000" },
    { name: "counts on", inherited: "1:1800000000", want: "2:1800000000" },
    { name: "counts on after a minute", inherited: "7:1799999940", want: "8:1800000000" },
    {
      name: "begins anew after more than a minute",
      inherited: "7:1799999939",
      want: "1:1800000000",
    },
    {
      name: "counts on where the clock was set back",
      inherited: "7:1800000060",
      want: "8:1800000000",
    },
    { name: "begins anew far from the clock", inherited: "7:1800000061", want: "1:1800000000" },
    { name: "reaches twenty", inherited: "19:1800000000", want: "20:1800000000" },
    { name: "takes no heed of an old twenty", inherited: "20:1700000000", want: "1:1800000000" },
    { name: "takes no heed of an empty value", inherited: "", want: "1:1800000000" },
    { name: "takes no heed of words", inherited: "exec", want: "1:1800000000" },
    { name: "takes no heed of a minus", inherited: "-5:1800000000", want: "1:1800000000" },
    {
      name: "takes no heed of what is too long",
      inherited: "99999:1800000000",
      want: "1:1800000000",
    },
  ]
) {
  Deno.test(`countHandOff() ${name}`, () => {
    assertEquals(countHandOff("/usr/bin/kubectl1.30.0", inherited, NOW_MS), want);
  });
}

Deno.test("countHandOff() refuses the twenty-first without a pause, naming the file", () => {
  const error = assertThrows(
    () => countHandOff("/usr/bin/kubectl1.30.0", "20:1799999990", NOW_MS),
    KuberlrError,
  );
  assertEquals(
    [error.code, error.exitStatus, error.message],
    ["wrapper-loop", 125, `Cannot run "/usr/bin/kubectl1.30.0": it leads back to kuberlr`],
  );
});

for (
  const { name, bytes, want } of [
    { name: "a script", bytes: 500, want: false },
    { name: "kubectl 1.2, the first there is", bytes: 24_000_000, want: true },
    { name: "kubectl 1.31", bytes: 56_381_592, want: true },
    { name: "a compiled Deno program", bytes: 92_000_000, want: false },
    { name: "what is missing", bytes: 0, want: false },
  ]
) {
  Deno.test(`hasSizeOfKubectl() tells ${name}`, () => assertEquals(hasSizeOfKubectl(bytes), want));
}
