/**
 * A real kube-apiserver with its etcd, out of the folder that `KUBEBUILDER_ASSETS` names, as
 * envtest has it: `setup-envtest use -p path 1.34` brings one.
 *
 * @module
 */
import { type Authority, makeAuthority } from "./certificates.ts";

/** `undefined` where the variable is unset. */
export const ASSETS = Deno.env.get("KUBEBUILDER_ASSETS") || undefined;
/** The folder of a newer kube-apiserver, that the other one is upgraded to. */
export const NEWER_ASSETS = Deno.env.get("KUBEBUILDER_ASSETS_NEWER") || undefined;

export interface RealCluster extends AsyncDisposable {
  /** `v1.34.2`, of the program. */
  readonly version: string;
  readonly authority: Authority;
  /** Of a user in `system:masters`. */
  readonly token: string;
  /**
   * `anonymous`: whether `--anonymous-auth` is on. Ready when it is returned; ends with the
   * cluster.
   */
  startServer(options: { readonly anonymous: boolean }): Promise<string>;
  /**
   * Ends the server that was started last, and starts the one of another folder on its port and its
   * data.
   */
  upgradeServer(assets: string): Promise<void>;
}

export async function startRealCluster(assets: string): Promise<RealCluster> {
  await using resources = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "kuberlr-apiserver-" });
  resources.defer(() => Deno.remove(folder, { recursive: true }));
  const authority = await makeAuthority();
  const server = await authority.server();
  const write = (name: string, text: string) => {
    Deno.writeTextFileSync(`${folder}/${name}`, text, { mode: 0o600 });
    return `${folder}/${name}`;
  };
  const token = crypto.randomUUID();
  const certificate = write("server.crt", server.certificate);
  const key = write("server.key", server.key);
  const clientCa = write("ca.crt", authority.certificate);
  const tokens = write("tokens.csv", `${token},admin,1,"system:masters"\n`);

  const etcdPort = freePort();
  const etcd = `http://127.0.0.1:${etcdPort}`;
  resources.use(run(`${assets}/etcd`, [
    `--data-dir=${folder}/etcd`,
    `--listen-client-urls=${etcd}`,
    `--advertise-client-urls=${etcd}`,
    `--listen-peer-urls=http://127.0.0.1:${freePort()}`,
    "--unsafe-no-fsync",
  ], `${folder}/etcd.log`));

  const owned = resources.move();
  let last: { readonly program: RunningProgram; readonly port: number; anonymous: boolean };
  const start = async (folderOfProgram: string, port: number, anonymous: boolean) => {
    const log = `${folder}/apiserver-${port}.log`;
    const program = owned.use(run(`${folderOfProgram}/kube-apiserver`, [
      `--etcd-servers=${etcd}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${port}`,
      `--tls-cert-file=${certificate}`,
      `--tls-private-key-file=${key}`,
      `--client-ca-file=${clientCa}`,
      `--token-auth-file=${tokens}`,
      `--anonymous-auth=${anonymous}`,
      "--authorization-mode=RBAC",
      "--service-cluster-ip-range=10.0.0.0/24",
      "--service-account-issuer=https://127.0.0.1",
      // A certificate tells its public key as well.
      `--service-account-key-file=${certificate}`,
      `--service-account-signing-key-file=${key}`,
      "--disable-admission-plugins=ServiceAccount",
      "--endpoint-reconciler-type=none",
    ], log));
    last = { program, port, anonymous };
    const url = `https://127.0.0.1:${port}`;
    await untilReady(url, { authority, token }, program, log);
    return url;
  };
  return {
    version: await versionOf(`${assets}/kube-apiserver`),
    authority,
    token,
    startServer: ({ anonymous }) => start(assets, freePort(), anonymous),
    async upgradeServer(newer) {
      await last.program[Symbol.asyncDispose]();
      await start(newer, last.port, last.anonymous);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface RunningProgram extends AsyncDisposable {
  hasEnded(): boolean;
}

/** Its output goes into a file. It has nothing to save when it is killed. */
function run(program: string, args: readonly string[], log: string): RunningProgram {
  const child = new Deno.Command("/bin/sh", {
    args: ["-c", 'exec "$0" "$@" > "$LOG" 2>&1', program, ...args],
    env: { LOG: log },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let ended = false;
  const status = child.status.then(() => {
    ended = true;
  });
  return {
    hasEnded: () => ended,
    async [Symbol.asyncDispose]() {
      if (!ended) child.kill("SIGKILL");
      await status;
    },
  };
}

const PATIENCE_MS = 120_000;

/** Ready, and the namespace is there that every cluster has. */
async function untilReady(
  url: string,
  { authority, token }: Pick<RealCluster, "authority" | "token">,
  program: RunningProgram,
  log: string,
): Promise<void> {
  using client = Deno.createHttpClient({ caCerts: [authority.certificate] });
  const began = performance.now();
  while (!await answers(`${url}/readyz`) || !await answers(`${url}/api/v1/namespaces/default`)) {
    if (program.hasEnded() || performance.now() - began > PATIENCE_MS) {
      const lines = Deno.readTextFileSync(log).trimEnd().split("\n");
      throw new Error(`kube-apiserver is not getting ready:\n${lines.slice(-15).join("\n")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }

  async function answers(address: string): Promise<boolean> {
    try {
      const response = await fetch(address, {
        client,
        headers: { authorization: `Bearer ${token}` },
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }
}

/** `v1.34.2` of `Kubernetes v1.34.2`. */
export async function versionOf(program: string): Promise<string> {
  const { stdout } = await new Deno.Command(program, { args: ["--version"] }).output();
  const [version] = /v\d+\.\d+\.\d+\S*/.exec(new TextDecoder().decode(stdout)) ?? [];
  if (version === undefined) throw new Error(`${program} does not tell its version`);
  return version;
}

/** Nothing listens there now, but another process may take it first. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
