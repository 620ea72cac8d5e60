/**
 * The demo's surroundings: new certificates, an API server for each cluster, a mirror with the
 * layout of dl.k8s.io and real kubectls, and a temporary HOME with a kubeconfig.
 *
 * @module
 */
import { type ApiServer, startApiServer } from "../tests/support/api_server.ts";
import { makeAuthority } from "../tests/support/certificates.ts";
import { kubeconfig } from "../tests/support/kubeconfig_builder.ts";
import { answerOf } from "./cluster_api.ts";
import { startMirror } from "../tests/support/mirror.ts";
import { realKubectls } from "../tests/support/real_kubectls.ts";
import { sandbox } from "../tests/support/sandbox.ts";

/** Each cluster's version, and its release. The mirror has only these releases. */
export const CLUSTERS = [
  { name: "legacy", gitVersion: "v1.20.0", release: "1.20.0", minor: 20, pod: "ledger-0" },
  { name: "cloud", gitVersion: "v1.30.0-eks-036c24b", release: "1.30.0", minor: 30, pod: "shop-0" },
  { name: "edge", gitVersion: "v1.36.3+k3s1", release: "1.36.3", minor: 36, pod: "till-0" },
] as const;

export type ClusterName = typeof CLUSTERS[number]["name"];

/** The destination of a program's stderr: the demo's own, nowhere, or the result. */
export type Stderr = "inherit" | "null" | "piped";

export interface Timed {
  readonly status: number;
  readonly stdout: string;
  /** Empty unless it was `piped`. */
  readonly stderr: string;
  /** The time from the start of the process to its end. */
  readonly milliseconds: number;
}

export interface World extends AsyncDisposable {
  readonly servers: Readonly<Record<ClusterName, ApiServer>>;
  /** Runs a program of kuberlr; stderr goes nowhere by default. */
  run(
    program: "kubectl" | "kuberlr",
    args: readonly string[],
    stderr?: Stderr,
  ): Promise<Timed>;
  /** Runs a program of kuberlr with the demo's stdout and stderr, so a table fits the terminal. */
  show(program: "kubectl" | "kuberlr", args: readonly string[]): Promise<void>;
  /** Runs a kubectl of this release, without kuberlr. */
  runDirectly(
    release: string,
    args: readonly string[],
    stderr?: Stderr,
  ): Promise<Timed>;
  /** Returns the version that a kubectl reports, without kuberlr. */
  versionOf(release: string): Promise<string>;
  /** Returns the version in the name of the kubectl that kuberlr runs for this command. */
  chosenFor(args: readonly string[]): Promise<string>;
  /** Returns the releases that kuberlr has installed so far. */
  installed(): readonly string[];
  /** Returns the number of kuberlr's requests to a server; kubectl's do not count. */
  askedByKuberlr(name: ClusterName): number;
  askedOfMirror(): number;
  stop(name: ClusterName): Promise<void>;
}

/** @throws {KubectlUnavailable} */
export async function setUp(): Promise<World> {
  const kubectls = await realKubectls(CLUSTERS.map(({ release }) => release));
  await using resources = new AsyncDisposableStack();
  const box = resources.use(await sandbox());
  const mirror = resources.use(await startMirror({ kubectls }));
  const authority = await makeAuthority();
  const tls = await authority.server();
  const servers: Partial<Record<ClusterName, ApiServer>> = {};
  const contexts = kubeconfig();
  for (const cluster of CLUSTERS) {
    const { name, gitVersion } = cluster;
    const server = servers[name] = resources.use(
      await startApiServer({
        version: gitVersion,
        tls,
        answer: (request) => answerOf(cluster, request),
      }),
    );
    // Without credentials, kubectl 1.20 would ask for a user name.
    const user = { token: `token-of-${name}` };
    contexts.context(name, { server: server.url, ca: authority.certificate }, user);
  }
  box.kubeconfig(contexts);
  // The kubectls are real, so they are verified against the digests that kuberlr carries.
  const { KUBERLR_DIGESTS: _, ...boxEnv } = box.env;
  const env = { ...boxEnv, KUBERLR_KUBEMIRRORURL: mirror.url };
  // kuberlr is installed as a user would do it: by the launcher, if the system has a shell.
  const linked = await box.run("kuberlr", ["link", "--dir", `${box.root}/linked`]);
  if (linked.status !== 0) throw new Error(`kuberlr link failed: ${linked.stderr}`);
  const kubectl = Deno.build.os === "windows"
    ? box.command("kubectl")
    : [`${box.root}/linked/kubectl`];
  const owned = resources.move();

  async function time(command: readonly string[], stderr: Stderr): Promise<Timed> {
    const [program = "", ...args] = command;
    const began = performance.now();
    const output = await new Deno.Command(program, {
      args,
      cwd: box.cwd,
      env,
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr,
    }).output();
    const milliseconds = performance.now() - began;
    return {
      status: output.code,
      stdout: new TextDecoder().decode(output.stdout),
      stderr: stderr === "piped" ? new TextDecoder().decode(output.stderr) : "",
      milliseconds,
    };
  }

  const runDirectly: World["runDirectly"] = (release, args, stderr = "null") => {
    const { path } = kubectls.find(({ version }) => version === release)!;
    return time([path, ...args], stderr);
  };

  return {
    servers: servers as Record<ClusterName, ApiServer>,
    run: (program, args, stderr = "null") =>
      time([...(program === "kubectl" ? kubectl : box.command(program)), ...args], stderr),
    async show(program, args) {
      const [command, ...first] = box.command(program);
      await new Deno.Command(command, {
        args: [...first, ...args],
        cwd: box.cwd,
        env,
        clearEnv: true,
      })
        .spawn().status;
    },
    runDirectly,
    async versionOf(release) {
      const { stdout } = await runDirectly(release, ["version", "--client", "-o", "json"]);
      return JSON.parse(stdout).clientVersion.gitVersion.replace(/^v/, "");
    },
    async chosenFor(args) {
      const { stdout } = await time([...box.command("kuberlr"), "which", ...args], "null");
      return /kubectl(\d+\.\d+\.\d+)(?:\.exe)?\s*$/.exec(stdout)?.[1] ?? stdout;
    },
    installed: () =>
      CLUSTERS.map(({ release }) => release)
        .filter((release) => box.files(box.binaries).includes(fileName(release))),
    askedByKuberlr: (name) =>
      servers[name]!.requests.filter(({ headers }) => !headers["user-agent"]?.startsWith("kubectl"))
        .length,
    askedOfMirror: () => mirror.requests.length,
    stop: async (name) => await servers[name]![Symbol.asyncDispose](),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function fileName(release: string): string {
  return `kubectl${release}${Deno.build.os === "windows" ? ".exe" : ""}`;
}
