import { assertEquals } from "@std/assert";
import {
  HANDLED_SIGNALS,
  ignoresAny,
  isInForeground,
  signalRules,
} from "../../lib/handoff/child_signals.ts";

Deno.test("signalRules() passes on what ends a process on Unix, Ctrl-C and Ctrl-\\ unless typed", () => {
  const rules = Object.fromEntries(
    signalRules("linux").map(({ signal, action }) => [signal, action]),
  );
  assertEquals(rules, {
    SIGHUP: "pass-on",
    SIGTERM: "pass-on",
    SIGINT: "pass-on-unless-typed",
    SIGCHLD: "ignore",
    SIGQUIT: "pass-on-unless-typed",
    SIGUSR1: "pass-on",
    SIGUSR2: "pass-on",
    SIGALRM: "pass-on",
    SIGABRT: "pass-on",
  });
  assertEquals(signalRules("darwin"), signalRules("linux"));
});

Deno.test("signalRules() listens to SIGHUP first, then to the others that Deno takes with it", () => {
  assertEquals(signalRules("linux").slice(0, 3).map(({ signal }) => signal), [
    "SIGHUP",
    "SIGTERM",
    "SIGINT",
  ]);
});

Deno.test("signalRules() outlives the console's events on Windows and passes none on", () => {
  assertEquals(signalRules("windows"), [
    { signal: "SIGINT", action: "ignore" },
    { signal: "SIGBREAK", action: "ignore" },
    { signal: "SIGHUP", action: "ignore" },
    { signal: "SIGTERM", action: "ignore" },
  ]);
});

for (
  const { name, stat, want } of [
    { name: "the foreground", stat: "7 (deno) S 6 7 5 34816 7 4194304 74", want: true },
    {
      name: "a foreground pipeline's second process",
      stat: "8 (deno) S 6 7 5 34816 7 0",
      want: true,
    },
    { name: "the background", stat: "7 (deno) S 6 7 5 34816 5 4194304 74", want: false },
    { name: "no terminal", stat: "7 (deno) S 6 7 5 0 -1 4194304 74", want: false },
    { name: "a name with spaces and brackets", stat: "7 (a) b (c) S 6 7 5 34816 7 0", want: true },
    { name: "nothing readable", stat: "", want: false },
  ]
) {
  Deno.test(`isInForeground() knows ${name}`, () => assertEquals(isInForeground(stat), want));
}

for (
  const { name, status, want } of [
    {
      name: "nothing",
      status: "Name:\tdeno\nSigIgn:\t0000000000000000\nSigCgt:\t01\n",
      want: false,
    },
    { name: "SIGPIPE alone, as Rust does", status: "SigIgn:\t0000000000001000\n", want: false },
    { name: "SIGHUP", status: "SigIgn:\t0000000000001001\n", want: true },
    { name: "SIGCHLD", status: "SigIgn:\t0000000000011000\n", want: true },
    { name: "signals of no rule", status: "SigIgn:\t0000000180300000\n", want: false },
    { name: "that nobody says", status: "", want: undefined },
  ]
) {
  Deno.test(`ignoresAny() sees ${name}`, () =>
    assertEquals(ignoresAny(HANDLED_SIGNALS, status), want));
}
