/**
 * The system calls of whole commands: no other file is opened or run than those that
 * docs/dev/security-review.md lists under "What is read".
 */
import { assertEquals } from "@std/assert";
import { startCluster } from "../support/cluster.ts";
import { programUnderTest, SOURCE } from "../support/program_under_test.ts";
import { type Sandbox, story } from "../support/sandbox.ts";

const STRACE = "/usr/bin/strace";

const LINES: readonly (readonly ["kubectl" | "kuberlr", ...string[]])[] = [
  ["kubectl", "get", "pods"],
  ["kubectl", "get", "pods"],
  ["kubectl", "version", "--client"],
  ["kuberlr", "bins"],
  ["kuberlr", "clusters"],
  ["kuberlr", "config"],
  ["kuberlr", "doctor"],
  ["kuberlr", "explain", "--refresh"],
  ["kuberlr", "get", "1.28.0"],
  ["kuberlr", "prune"],
];

/** Matches what kuberlr may open, and what Deno opens for every program. */
function allowed({ root, home, bin, system, env }: Sandbox): readonly RegExp[] {
  const under = (folder: string) => new RegExp(`^${RegExp.escape(folder)}(?:/|$)`);
  const own = (paths: string) => new RegExp(`^${RegExp.escape(home)}/(?:${paths})$`);
  return [
    // The settings of kuberlr and kubectl, and kuberlr's folder.
    /^\/(?:usr\/)?etc\/kuberlr\.conf$/,
    own(String.raw`\.kube/(?:config|kuberc)|\.netrc|\.kuberlr(?:/.*)?`),
    under(system),
    under(bin),
    // The authorities of the system.
    /^\/etc\/(?:ssl|pki)\//,
    // The single file or the executable.
    ...programUnderTest().filter((word) => word.startsWith("/")).map(under),
    // Deno's own.
    under(decodeURIComponent(new URL(".", SOURCE).pathname).replace(/\/$/, "")),
    under(env.DENO_DIR ?? ""),
    under(`${root}/deno`),
    new RegExp(`^${RegExp.escape(Deno.execPath())}$`),
    own(String.raw`\.npmrc`),
    // The kernel's, the C library's and the time zone.
    /^\/(?:proc|sys|dev)\//,
    /\.so(?:\.\d+)*$/,
    /^\/etc\/(?:ld\.so\.cache|localtime|nsswitch\.conf|resolv\.conf|hosts|host\.conf|gai\.conf)$/,
    /^\/usr\/(?:lib|share)\/(?:locale|zoneinfo|[^/]*\/gconv)\//,
    // The interpreter of a fake kubectl, and what `command -v` has found.
    /^\/(?:usr\/)?bin\/(?:sh|dash|bash|env|kubectl)$/,
    // The launcher's: bash looks up the user where SHELL is not set, and stat checks a shortcut.
    /^\/etc\/passwd$|^\/(?:usr\/)?bin\/stat$/,
  ];
}

story("no file is opened that is not listed", async (box) => {
  await using _cluster = await startCluster(box, {
    api: { version: "v1.29.4" },
    kubectls: ["1.28.0", "1.29.4"],
  });
  box.config("Timeout = 7\n");
  box.write("home/.kube/kuberc", "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n");
  box.write("home/.netrc", "machine h.invalid login me password x\n", 0o600);
  for (const name of ["kuberlr.conf", "deno.json", "package.json", ".env", ".npmrc", ".netrc"]) {
    box.write(`work/${name}`, "this is not to be read\n");
  }
  const patterns = allowed(box);
  const log = `${box.root}/strace`;
  for (const [program, ...args] of LINES) {
    const { status, stderr } = await box.exec(STRACE, [
      ...["-f", "-qq", "-e", "trace=open,openat,execve", "-o", log],
      ...box.command(program),
      ...args,
    ]);
    assertEquals(status, 0, stderr);
    const calls = Deno.readTextFileSync(log).matchAll(
      /^\d+ +\w+\((?:AT_FDCWD, |\d+, )?"([^"]+)"(?!.* = -1)/gm,
    );
    const opened = new Set(Array.from(calls, ([, path = ""]) => path));
    assertEquals(opened.size > 5, true);
    const others = [...opened].filter((path) => !patterns.some((each) => each.test(path)));
    assertEquals(others, [], [program, ...args].join(" "));
  }
}, { unless: exists(STRACE) ? undefined : "strace is missing" });

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
