import { assertEquals, assertThrows } from "@std/assert";
import { COUNTERPARTS } from "../../lib/cli/counterparts.ts";
import { parseCommandLine } from "../../lib/cli/command_line.ts";
import { KuberlrError } from "../../lib/errors.ts";

const runs: readonly {
  args: string;
  command: string;
  flags?: Record<string, string | true>;
  operands?: readonly string[];
}[] = [
  { args: "bins", command: "bins" },
  { args: "bins -o json", command: "bins", flags: { output: "json" } },
  { args: "bins -ojson", command: "bins", flags: { output: "json" } },
  { args: "bins -o=json", command: "bins", flags: { output: "json" } },
  { args: "bins --output json", command: "bins", flags: { output: "json" } },
  { args: "bins --output=json", command: "bins", flags: { output: "json" } },
  { args: "get 1.30 1.9", command: "get", operands: ["1.30", "1.9"] },
  {
    args: "get --to /m 1.30 --platform linux/arm64",
    command: "get",
    flags: { to: "/m", platform: "linux/arm64" },
    operands: ["1.30"],
  },
  { args: "get -- -x", command: "get", operands: ["-x"] },
  { args: "prune --dry-run", command: "prune", flags: { "dry-run": true } },
  { args: "--version", command: "version" },
  { args: "--version -o json", command: "version", flags: { output: "json" } },
  { args: "which", command: "which" },
  { args: "which get pods -o json", command: "which", operands: ["get", "pods", "-o", "json"] },
  {
    args: "explain -o json get pods -o yaml",
    command: "explain",
    flags: { output: "json" },
    operands: ["get", "pods", "-o", "yaml"],
  },
  {
    args: "explain --refresh -ojson --context prod get",
    command: "explain",
    flags: { refresh: true, output: "json" },
    operands: ["--context", "prod", "get"],
  },
  { args: "explain -- -o wide", command: "explain", operands: ["-o", "wide"] },
  { args: "explain kubectl get --help", command: "explain", operands: ["get", "--help"] },
];
for (const { args, command, flags = {}, operands = [] } of runs) {
  Deno.test(`parseCommandLine() reads "${args}"`, () => {
    const line = parseCommandLine(args.split(" "));
    const { kind, ...rest } = line;
    assertEquals({ kind, ...rest, command: line.command?.name as string | undefined }, {
      kind: "run",
      command,
      flags,
      operands,
    });
  });
}

for (
  const { args, of } of [
    { args: [], of: undefined },
    { args: ["-h"], of: undefined },
    { args: ["--help"], of: undefined },
    { args: ["help"], of: undefined },
    { args: ["help", "get"], of: "get" },
    { args: ["get", "--help"], of: "get" },
    { args: ["get", "-h", "1.30"], of: "get" },
    { args: ["which", "--help"], of: "which" },
    { args: ["help", "--help"], of: "help" },
  ]
) {
  Deno.test(`parseCommandLine() takes "${args.join(" ")}" for help of ${of ?? "all"}`, () => {
    const line = parseCommandLine(args);
    assertEquals([line.kind, line.command?.name], ["help", of]);
  });
}

for (
  const { args, message, hint } of [
    {
      args: ["clutsers"],
      message: `Unknown command "clutsers"`,
      hint: `Did you mean "kuberlr clusters"?`,
    },
    { args: ["instal"], message: `Unknown command "instal"`, hint: COUNTERPARTS["install"] },
    {
      args: ["apply", "-f", "x"],
      message: `Unknown command "apply"`,
      hint: `It is a command of kubectl: "kuberlr kubectl apply …"`,
    },
    {
      args: ["whatever"],
      message: `Unknown command "whatever"`,
      hint: `"kuberlr help" lists the commands; kubectl's own run as "kuberlr kubectl …"`,
    },
    {
      args: ["list"],
      message: `Unknown command "list"`,
      hint: `"kuberlr bins" lists the installed kubectls`,
    },
    {
      args: ["help", "get", "bins"],
      message: `"kuberlr help" takes one argument, but was given "bins" too`,
      hint: `"kuberlr help help" shows how to use it`,
    },
    {
      args: ["get", "1.30", "--platform", "linux/arm"],
      message: `The flag "--platform" cannot be "linux/arm"; it is one of linux/amd64, ` +
        "linux/arm64, darwin/amd64, darwin/arm64, windows/amd64, windows/arm64",
      hint: `Did you mean "linux/arm64"?`,
    },
    {
      args: ["--verison"],
      message: `Unknown flag "--verison"`,
      hint: `Did you mean "kuberlr --version"?`,
    },
    {
      args: ["--token=s3cr3t", "get", "pods"],
      message: `Unknown flag "--token"`,
      hint: `"kuberlr help" lists the commands; kubectl's own run as "kuberlr kubectl …"`,
    },
    {
      args: ["help", "bin"],
      message: `Unknown command "bin"`,
      hint: `Did you mean "kuberlr bins"?`,
    },
    {
      args: ["prune", "--dryrun"],
      message: `Unknown flag "--dryrun" of "kuberlr prune"`,
      hint: `Did you mean "--dry-run"?`,
    },
    {
      args: ["bins", "--ouptut=json"],
      message: `Unknown flag "--ouptut" of "kuberlr bins"`,
      hint: `Did you mean "--output"?`,
    },
    {
      args: ["bins", "--json"],
      message: `Unknown flag "--json" of "kuberlr bins"`,
      hint: `Did you mean "-o json"?`,
    },
    {
      args: ["bins", "-x"],
      message: `Unknown flag "-x" of "kuberlr bins"`,
      hint: `"kuberlr help bins" shows how to use it`,
    },
    {
      args: ["bins", "-o", "yaml"],
      message: `The flag "--output" must be "json", not "yaml"`,
      hint: `"kuberlr help bins" shows how to use it`,
    },
    {
      args: ["bins", "-o"],
      message: `The flag "--output" needs a value: json`,
      hint: `"kuberlr help bins" shows how to use it`,
    },
    {
      args: ["bins", "x"],
      message: `"kuberlr bins" takes no arguments, but was given "x"`,
      hint: `"kuberlr help bins" shows how to use it`,
    },
    {
      args: ["skew", "1.30", "1.31"],
      message: `"kuberlr skew" takes one argument, but was given "1.31" too`,
      hint: `"kuberlr help skew" shows how to use it`,
    },
    {
      args: ["skew"],
      message: `"kuberlr skew" needs an argument: VERSION`,
      hint: `"kuberlr help skew" shows how to use it`,
    },
    {
      args: ["completion", "bsh"],
      message: `Unknown shell "bsh": it must be one of bash, zsh, fish, powershell`,
      hint: `Did you mean "bash"?`,
    },
  ]
) {
  Deno.test(`parseCommandLine() refuses "${args.join(" ")}"`, () => {
    const error = assertThrows(() => parseCommandLine(args), KuberlrError);
    assertEquals([error.exitStatus, error.message, error.hint], [2, message, hint]);
  });
}

for (const word of Object.keys(COUNTERPARTS)) {
  Deno.test(`parseCommandLine() names the counterpart of "${word}", which can be typed`, () => {
    const error = assertThrows(() => parseCommandLine([word]), KuberlrError);
    const typed = Array.from(error.hint?.matchAll(/"kuberlr ([^"]+)"/g) ?? [], ([, line]) => line);
    for (const line of typed) parseCommandLine(line?.split(" ") ?? []);
    assertEquals(error.hint, COUNTERPARTS[word]);
  });
}
