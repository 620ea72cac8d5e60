/** Properties of any command line, with generated ones. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { scanKubectlArgv } from "../../lib/kubectl/argv.ts";
import { lineOf } from "../support/command_line.ts";

/** Words as people and fuzzers write them. */
const WORD = fc.oneof(
  fc.constantFrom(
    "get",
    "create",
    "secret",
    "logs",
    "__complete",
    "--",
    "-",
    "",
    "--context",
    "--context=yy",
    "-s",
    "-f",
    "-Anfoo",
    "--raw",
    "--user",
    "--dry-run",
    "-=",
    "--=",
    ",get,",
    "--\n",
    "-,",
  ),
  fc.string(),
  fc.string().map((text) => `-${text}`),
  fc.string().map((text) => `--${text}`),
);
const SEED = { seed: 20261121, numRuns: 2_000 };

Deno.test("scanKubectlArgv() reads any words at all, and loses none of the positionals", () => {
  fc.assert(
    fc.property(fc.array(WORD), (args) => {
      const line = scanKubectlArgv(args);
      assert(line.command.length <= line.positionals.length);
      for (const [name, value] of Object.entries(line.globals)) {
        assert(line.flags.get(name) === value || value === "true");
      }
    }),
    SEED,
  );
});

Deno.test("scanKubectlArgv() reads nothing behind --", () => {
  fc.assert(
    fc.property(fc.array(WORD), fc.array(WORD), fc.array(WORD), (before, one, other) => {
      // A word that takes the next one as its value may be the last.
      const head = [...before, "x", "--"];
      const line = scanKubectlArgv([...head, ...one]);
      if (line.rest === undefined) return;
      const again = scanKubectlArgv([...head, ...other]);
      assertEquals(
        { ...again, args: [], rest: [] },
        { ...line, args: [], rest: [] },
      );
    }),
    SEED,
  );
});

Deno.test("scanKubectlArgv() gives the last of several values, in every spelling", () => {
  const spellings = [
    (value: string) => ["--server", value],
    (value: string) => [`--server=${value}`],
    (value: string) => ["-s", value],
    (value: string) => [`-s=${value}`],
  ];
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...spellings), fc.string({ minLength: 1 })), {
        minLength: 1,
      }),
      (given) => {
        const args = ["get", ...given.flatMap(([spell, value]) => spell(value))];
        assertEquals(scanKubectlArgv(args).globals.server, given.at(-1)?.[1]);
      },
    ),
    SEED,
  );
});

/** A piece of a command line and its meaning. */
interface Piece {
  readonly args: readonly string[];
  readonly flag?: readonly [name: string, value: string];
  readonly positional?: string;
}

const VALUE = fc.oneof(
  fc.constantFrom("--", "--context=zz", "-n", "--help", "", "yy", "get", "-s=x"),
  fc.string(),
);
const PIECE: fc.Arbitrary<Piece> = fc.oneof(
  fc.tuple(
    fc.constantFrom("context", "server", "output", "selector", "field-manager", "v", "as-group"),
    VALUE,
    fc.boolean(),
    fc.boolean(),
  ).map(([name, value, isJoined, isUnderscored]): Piece => {
    const typed = `--${isUnderscored ? name.replaceAll("-", "_") : name}`;
    return {
      args: isJoined ? [`${typed}=${value}`] : [typed, value],
      flag: [name, value],
    };
  }),
  fc.tuple(
    fc.constantFrom(["n", "namespace"], ["s", "server"], ["o", "output"], ["l", "selector"]),
    VALUE,
    fc.constantFrom("apart", "equals", "joined"),
  ).map(([[letter = "", name = ""], value, form]): Piece => {
    const isApart = form === "apart" || value === "" || value.startsWith("=");
    return {
      args: isApart ? [`-${letter}`, value] : [`-${letter}${form === "equals" ? "=" : ""}${value}`],
      flag: [name, value],
    };
  }),
  fc.tuple(
    fc.constantFrom("all-namespaces", "watch", "show-labels", "dry-run", "warnings-as-errors"),
    fc.constantFrom(undefined, "true", "false"),
  ).map(([name, value]): Piece => ({
    args: [value === undefined ? `--${name}` : `--${name}=${value}`],
    flag: [name, value ?? ""],
  })),
  fc.string().filter((word) => !/^-./.test(word)).map((word): Piece => ({
    args: [word],
    positional: word,
  })),
);

Deno.test("scanKubectlArgv() agrees with a model of lines built from pieces of known meaning", () => {
  fc.assert(
    fc.property(
      fc.array(PIECE.filter(({ positional }) => positional === undefined)),
      fc.array(PIECE),
      fc.option(fc.array(WORD), { nil: undefined }),
      (before, after, rest) => {
        const early = before.filter(({ flag }) => isGlobal(flag?.[0]));
        const pieces = [...early, { args: ["get"], positional: "get" }, ...after];
        const args = [
          ...pieces.flatMap((piece) => piece.args),
          ...(rest === undefined ? [] : ["--", ...rest]),
        ];
        const flags = new Map(pieces.flatMap(({ flag }) => flag === undefined ? [] : [flag]));
        const globals = Object.fromEntries(
          [...flags].filter(([name]) => ["context", "server", "as-group"].includes(name)),
        );
        assertEquals(
          scanKubectlArgv(args),
          lineOf(args, {
            command: ["get"],
            positionals: pieces.flatMap(({ positional }) =>
              positional === undefined ? [] : [positional]
            ),
            rest,
            globals,
            flags,
          }),
        );
      },
    ),
    SEED,
  );
});

function isGlobal(name: string | undefined): boolean {
  return ["context", "server", "v", "as-group", "namespace", "warnings-as-errors"]
    .some((known) => known === name);
}
