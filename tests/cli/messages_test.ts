/**
 * Ordinary mistakes and their messages: read the snapshot aloud. Every message is one error and one
 * hint, names its subject, and shows no stack.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { type ApiServer, startApiServer } from "../support/api_server.ts";
import { runInside } from "../support/in_process.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { type Mirror, startMirror } from "../support/mirror.ts";
import { fakeKubectlBytes } from "../support/fake_kubectl.ts";
import { NOWHERE, type Sandbox, sandbox } from "../support/sandbox.ts";

interface World {
  readonly box: Sandbox;
  readonly api: ApiServer;
  readonly mirror: Mirror;
}

interface Mistake {
  readonly what: string;
  readonly args: string;
  readonly env?: (world: World) => Readonly<Record<string, string>>;
  readonly prepare?: (world: World) => void;
  /** True if the command only warns, or prints the finding on stdout. */
  readonly goesOn?: true;
}

const config = (toml: string) => ({ box }: World) => void box.config(toml);
const env = (variables: Readonly<Record<string, string>>) => () => variables;

const MISTAKES: readonly Mistake[] = [
  // Wrong usage
  { what: "a command with a typo", args: "clutsers" },
  { what: "another tool's command", args: "install 1.30" },
  { what: "kubectl's command", args: "apply -f x.yaml" },
  { what: "a word without a meaning", args: "frobnicate" },
  { what: "a flag with a typo", args: "prune --dryrun" },
  { what: "a flag of another command", args: "bins --refresh" },
  { what: "a flag without its value", args: "get 1.30 --to" },
  { what: "an unknown format", args: "bins -o yaml" },
  { what: "--json", args: "bins --json" },
  { what: "a switch with a value", args: "prune --dry-run=maybe" },
  { what: "one argument too many", args: "bins all" },
  { what: "help for two commands", args: "help get bins" },
  { what: "help for an unknown command", args: "help frobnicate" },
  { what: "an unknown shell", args: "completion tcsh" },
  { what: "a missing shell", args: "completion" },
  { what: "a missing version", args: "get" },
  { what: "kubectl's get", args: "get pods" },
  { what: "a version with a typo", args: "get stabel" },
  { what: "a version of one number", args: "get 1" },
  { what: "a range of versions", args: "get >=1.30" },
  { what: "a platform with a typo", args: "get 1.30 --platform linux/amd" },
  { what: "a platform without its half", args: "get 1.30 --platform linux" },
  { what: "a mirror without a place", args: "get 1.30 --mirror" },
  { what: "a missing file of versions", args: "get --from versions.txt" },
  { what: "a lock file with other content", args: "get 1.30 --lock /box/home/.kube/config" },
  { what: "a text that is not a version", args: "skew banana" },
  { what: "a context with a typo", args: "clusters prdo" },
  {
    what: "flags of kuberlr behind kubectl's words",
    args: "explain get pods -o json",
    goesOn: true,
  },

  // Configuration
  { what: "an unknown key", args: "config", prepare: config("Timeuot = 5\n"), goesOn: true },
  { what: "a value of another type", args: "bins", prepare: config(`Timeout = "5s"\n`) },
  { what: "an unknown value", args: "bins", prepare: config(`Color = "sometimes"\n`) },
  { what: "a negative number", args: "bins", prepare: config("VersionTTL = -1\n") },
  { what: "a relative SystemPath", args: "bins", prepare: config(`SystemPath = "bin"\n`) },
  {
    what: "a mirror that is not a URL",
    args: "bins",
    prepare: config(`KubeMirrorUrl = "dl.k8s.io"\n`),
  },
  { what: "YAML for TOML", args: "bins", prepare: config("Timeout: 5\n") },
  { what: "a string that does not end", args: "bins", prepare: config(`Color = "auto\n`) },
  { what: "a key twice", args: "bins", prepare: config("Quiet = true\nQuiet = false\n") },
  {
    what: "a pin that is not a version",
    args: "bins",
    prepare: config(`[Contexts.prod]\nKubectl = "newest"\n`),
  },
  { what: "a variable of another type", args: "bins", env: env({ KUBERLR_TIMEOUT: "soon" }) },
  {
    what: "a pin in a variable that is not a version",
    args: "bins",
    env: env({ KUBERLR_KUBECTL: "latest" }),
  },
  {
    what: "a KUBERLR_CFG without a file",
    args: "bins",
    env: env({ KUBERLR_CFG: "/nosuch.conf" }),
    goesOn: true,
  },

  // Kubeconfig and servers
  {
    what: "a kubeconfig that is not YAML",
    args: "clusters",
    prepare: ({ box }) => void box.kubeconfig("{ broken"),
  },
  { what: "a context that does not exist, for get", args: "get auto --context prdo" },
  { what: "a context without a similar name", args: "get auto --context nirvana" },
  {
    what: "a current context that does not exist",
    args: "get auto",
    prepare: ({ box, api }) =>
      void box.kubeconfig(kubeconfig().context("prod", { server: api.url }).current("prdo")),
  },
  { what: "a kubeconfig that does not exist", args: "clusters --kubeconfig nosuch" },
  {
    what: "a server that is down",
    args: "get auto",
    prepare: ({ box }) => void box.kubeconfig(kubeconfig().context("prod", { server: NOWHERE })),
    goesOn: true,
  },

  // Mirrors
  { what: "a release that was never published", args: "get 1.30.99" },
  { what: "a minor that was never published", args: "get 1.99" },
  {
    what: "a mirror that is down",
    args: "get 1.30.2",
    env: env({ KUBERLR_KUBEMIRRORURL: NOWHERE }),
  },
  {
    what: "a mirror on an unknown host",
    args: "get 1.30.2",
    env: env({ KUBERLR_KUBEMIRRORURL: "http://nosuch.invalid" }),
  },
  {
    what: "a mirror in a missing folder",
    args: "get 1.30.2",
    env: env({ KUBERLR_KUBEMIRRORURL: "file:///nosuch" }),
  },
  {
    what: "a login page for a mirror",
    args: "get 1.30.2",
    env: ({ api }) => ({ KUBERLR_KUBEMIRRORURL: `${api.url}/login` }),
  },
  { what: "a folder that cannot be made", args: "get 1.30.2 --to /dev/null/here" },
  {
    what: "a command that may not download",
    args: "kubectl get pods",
    env: env({ KUBERLR_ALLOWDOWNLOAD: "false" }),
  },
  {
    what: "which without downloads",
    args: "which get pods",
    env: env({ KUBERLR_ALLOWDOWNLOAD: "false" }),
  },
  {
    what: "a pin to a missing file",
    args: "kubectl get pods",
    env: env({ KUBERLR_KUBECTL: "/opt/kubectl" }),
  },
  {
    what: "a pin to a folder",
    args: "kubectl get pods",
    env: ({ box }) => ({ KUBERLR_KUBECTL: box.home }),
  },
  {
    what: "a pin to a release that was never published",
    args: "kubectl get pods",
    env: env({ KUBERLR_KUBECTL: "1.30.99" }),
    goesOn: true,
  },
  { what: "a prune that removes nothing", args: "prune", goesOn: true },
  { what: "a missing kubectl", args: "bins", goesOn: true },
  {
    what: "a foreign kubectl where the link goes",
    args: "link --dir bin-of-mine",
    prepare: ({ box }) => void box.write("work/bin-of-mine/kubectl", "#!/bin/sh\n", 0o755),
  },
];

Deno.test("every mistake has another name", () => {
  assertEquals(new Set(MISTAKES.map(({ what }) => what)).size, MISTAKES.length);
  assert(MISTAKES.length >= 50);
});

for (const { what, args, prepare, env: variables, goesOn } of MISTAKES) {
  // Paths and the system's own messages are those of Unix.
  const ignore = Deno.build.os === "windows";
  Deno.test({ name: `the message about ${what}`, ignore }, async (t) => {
    await using box = await sandbox();
    await using api = await startApiServer({
      version: "v1.30.5",
      answer: ({ path }) => path.startsWith("/login") ? { kind: "html" } : undefined,
    });
    const kubectls = ["1.30.2"].map((version) => ({
      version,
      bytes: fakeKubectlBytes(version),
    }));
    await using mirror = await startMirror({ kubectls });
    const world = { box, api, mirror };
    box.kubeconfig(kubeconfig().context("prod", { server: api.url }));
    box.env["KUBERLR_KUBEMIRRORURL"] = mirror.url;
    // PATH excludes this machine's kubectls.
    box.env["PATH"] = box.bin;
    prepare?.(world);
    const run = await runInside(
      box,
      args.split(" ").map((word) => word.replace("/box", box.root)),
      variables?.(world) ?? {},
    );
    const said = normalize(run.stderr, world);
    if (goesOn) {
      assertEquals(run.status, 0, said);
    } else {
      assert(run.status !== 0, run.stdout);
      assertEquals(run.stdout, "");
      assertMatch(
        said,
        /^(?:kuberlr: (?!error|hint).*\n)*kuberlr: error: .+\nkuberlr: hint: .+\n$/,
      );
    }
    for (const line of said.trimEnd().split("\n")) assertMatch(line, /^kuberlr: /);
    await t.assertSnapshot(`${args}\n${said}exit status ${run.status}`);
  });
}

function normalize(text: string, { box, api, mirror }: World): string {
  return text.replaceAll(api.url, "http://api").replaceAll(mirror.url, "http://mirror")
    .replaceAll(box.cwd, "/here").replaceAll(box.root, "/box")
    .replaceAll(/\/bin\/\w+\/\w+\/kubectl/g, "/bin/GOOS/GOARCH/kubectl");
}
