/**
 * A real kube-apiserver with its etcd, from the folder that `KUBEBUILDER_ASSETS` names, laid out as
 * envtest does: `setup-envtest use -p path 1.34` downloads one.
 *
 * @module
 */
import { type Authority, makeAuthority } from "./certificates.ts";

/** `undefined` if the variable is unset. */
export const ASSETS = Deno.env.get("KUBEBUILDER_ASSETS") || undefined;
/** The folder of a newer kube-apiserver, to which the first one is upgraded. */
export const NEWER_ASSETS = Deno.env.get("KUBEBUILDER_ASSETS_NEWER") || undefined;

export interface RealCluster extends AsyncDisposable {
  /** The version that the program prints, for example `v1.34.2`. */
  readonly version: string;
  readonly authority: Authority;
  /** The token of a user in `system:masters`. */
  readonly token: string;
  /**
   * Starts the server. `anonymous` sets `--anonymous-auth`. It is ready when it is returned, and
   * ends with the cluster.
   */
  startServer(options: { readonly anonymous: boolean }): Promise<string>;
  /**
   * Ends the server that was started last, and starts one from another folder with the same port
   * and data.
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
      // A certificate contains its public key, too.
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

/** Sends the program's output into a file. The program may be killed: it has nothing to save. */
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

/** Waits until the server is ready and has the namespace that every cluster has. */
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

/** Returns `v1.34.2` from `Kubernetes v1.34.2`. */
export async function versionOf(program: string): Promise<string> {
  const { stdout } = await new Deno.Command(program, { args: ["--version"] }).output();
  const [version] = /v\d+\.\d+\.\d+\S*/.exec(new TextDecoder().decode(stdout)) ?? [];
  if (version === undefined) throw new Error(`${program} does not tell its version`);
  return version;
}

/** Returns a port on which nothing listens now; another process may take it first. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
