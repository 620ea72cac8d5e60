/**
 * Passwords for mirrors from a netrc that another user could have written: one in the home is
 * ignored; one that NETRC names is used, because the user has named it.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { giveToUser, missingUser, runAsUser, USER } from "../support/another_user.ts";
import { type Mirror, startMirror } from "../support/mirror.ts";
import { kubectlBytes } from "../support/mirror_files.ts";
import { type Sandbox, story } from "../support/sandbox.ts";

const ATTACKER = 23_456;
const VERSIONS = ["1.30.2", "1.31.0"];
const KUBECTLS = VERSIONS.map((version) => ({ version, bytes: kubectlBytes(version) }));
const ENTRY = "machine 127.0.0.1 login me password secret\n";

const NETRCS: readonly {
  readonly name: string;
  readonly prepare: (path: string, box: Sandbox) => void;
  /** The text of the warning; `undefined` if the file is used without one. */
  readonly fault?: RegExp;
}[] = [
  { name: "of the user's, that others can read", prepare: (path) => Deno.chmodSync(path, 0o644) },
  {
    name: "of the user's, that its group can write",
    prepare: (path) => Deno.chmodSync(path, 0o660),
  },
  { name: "of root's", prepare: (path) => give(path, 0) },
  {
    name: "behind a link to a file of the user's",
    prepare(path) {
      Deno.renameSync(path, `${path}.real`);
      Deno.symlinkSync(`${path}.real`, path);
      new Deno.Command("chown", { args: ["-h", `${USER}`, path] }).outputSync();
    },
  },
  {
    name: "that every user can write",
    prepare: (path) => Deno.chmodSync(path, 0o666),
    fault: /netrc"[^\n]* can be written by every user\b/,
  },
  {
    name: "of another user",
    prepare: (path) => give(path, ATTACKER),
    fault: /netrc"[^\n]* belongs to another user\b/,
  },
  {
    name: "behind a link to a file of another user",
    prepare(path, box) {
      Deno.renameSync(path, `${box.root}/netrc`);
      give(`${box.root}/netrc`, ATTACKER);
      Deno.symlinkSync(`${box.root}/netrc`, path);
      new Deno.Command("chown", { args: ["-h", `${USER}`, path] }).outputSync();
    },
    fault: /netrc"[^\n]* belongs to another user\b/,
  },
  {
    name: "in a folder that every user can write",
    prepare: (path) => Deno.chmodSync(path.slice(0, path.lastIndexOf("/")), 0o777),
    fault: /netrc",? (?:which )?is in "[^"]*", which can be written by every user\b/,
  },
];

/** Gives a file to a user who lets all others read it. */
function give(path: string, uid: number): void {
  Deno.chownSync(path, uid, uid);
  Deno.chmodSync(path, 0o644);
}

function write(box: Sandbox, path: string, prepare: (path: string, box: Sandbox) => void): string {
  const written = box.write(path, ENTRY, 0o600);
  for (const folder of [box.home, box.env.TMPDIR!]) giveToUser(folder);
  giveToUser(written.slice(0, written.lastIndexOf("/")));
  prepare(written, box);
  return written;
}

/** Gets both releases in one command, in which a warning could appear twice. */
function getBoth(box: Sandbox, mirror: Mirror, env: Record<string, string> = {}) {
  return runAsUser(box, "kuberlr", ["get", ...VERSIONS], {
    env: { KUBERLR_KUBEMIRRORURL: mirror.url, ...env },
  });
}

const warningsOf = (stderr: string) =>
  stderr.split("\n").filter((line) => line.startsWith("kuberlr: warning: "));
const passwordsOf = ({ requests }: Mirror) =>
  requests.filter(({ headers }) => "authorization" in headers).length;

for (const { name, prepare, fault } of NETRCS) {
  const isUsed = fault === undefined;
  story(`a ~/.netrc ${name} is ${isUsed ? "used" : "not believed"}`, async (box) => {
    await using mirror = await startMirror({ kubectls: KUBECTLS });
    write(box, "home/.netrc", prepare);
    const run = await getBoth(box, mirror);
    assertEquals(run.status, 0, run.stderr);
    assertEquals(passwordsOf(mirror), isUsed ? mirror.requests.length : 0);
    const warnings = warningsOf(run.stderr);
    assertEquals(warnings.length, isUsed ? 0 : 1, run.stderr);
    if (fault !== undefined) {
      assertMatch(warnings[0] ?? "", fault);
      assertMatch(warnings[0] ?? "", /: no password is taken from it$/);
    }
    assertEquals(/secret/.test(run.stdout + run.stderr), false);
  }, { unless: missingUser });

  story(`a netrc ${name}, named by NETRC, is used`, async (box) => {
    await using mirror = await startMirror({ kubectls: KUBECTLS });
    const path = write(box, "named/netrc", prepare);
    const run = await getBoth(box, mirror, { NETRC: path });
    assertEquals(run.status, 0, run.stderr);
    assertEquals(passwordsOf(mirror), mirror.requests.length);
    const warnings = warningsOf(run.stderr);
    assertEquals(warnings.length, isUsed ? 0 : 1, run.stderr);
    if (fault !== undefined) assertMatch(warnings[0] ?? "", fault);
    if (fault !== undefined) assertMatch(warnings[0] ?? "", / warning: NETRC names "/);
  }, { unless: missingUser });
}

story(
  "a ~/.netrc of another user without a password for the mirror causes no warning",
  async (box) => {
    await using mirror = await startMirror({ kubectls: KUBECTLS });
    box.write("home/.netrc", "machine elsewhere.example login me password secret\n", 0o666);
    for (const folder of [box.home, box.env.TMPDIR!]) giveToUser(folder);
    const run = await getBoth(box, mirror);
    assertEquals([run.status, warningsOf(run.stderr)], [0, []], run.stderr);
  },
  { unless: missingUser },
);
