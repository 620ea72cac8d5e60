/**
 * Worlds for the memo's property test: real files in a folder of their own, an environment, a clock and servers made
 * of values; and what can happen to them.
 *
 * @module
 */
import fc from "fast-check";
import { denoFiles } from "../../lib/host/files.ts";
import type { Host } from "../../lib/host.ts";

const CONTEXTS = ["prod", "dev", "eu"] as const;
const VERSIONS = ["1.27.4", "1.28.0", "1.29.9", "1.30.1", "1.30.2", "1.31.0"] as const;
const PLATFORM = { os: "linux", arch: "amd64" } as const;

/** Files that a world may hold, below its folder. */
const PLACES = {
  kubeconfig: "home/.kube/config",
  extra: "home/extra",
  kuberc: "home/.kube/kuberc",
  config: "home/.kuberlr/kuberlr.conf",
  ca: "home/ca.crt",
} as const;
type Place = keyof typeof PLACES;

const kubeconfig = fc.record({
  current: fc.constantFrom(...CONTEXTS, ""),
  servers: fc.tuple(
    ...CONTEXTS.map(() =>
      fc.constantFrom("https://a:6443", "https://b:6443", "http://c", "https://a:6443/x")
    ),
  ),
  ca: fc.boolean(),
}).map(({ current, servers, ca }) =>
  [
    `current-context: "${current}"`,
    "contexts:",
    ...CONTEXTS.map((name) => `- {name: ${name}, context: {cluster: ${name}, user: u}}`),
    "clusters:",
    ...CONTEXTS.map((name, i) =>
      `- {name: ${name}, cluster: {server: "${servers[i]}"${
        ca ? `, certificate-authority: ca.crt` : ""
      }}}`
    ),
    "users: [{name: u, user: {token: t}}]",
    "",
  ].join("\n")
);

const settings = fc.constantFrom(
  "",
  'HandOff = "spawn"\n',
  "Quiet = true\n",
  '[Contexts."prod"]\nKubectl = "1.27"\n',
  '[Contexts."*"]\nKubectl = "1.30.1"\n',
  "UseLatestIfNoCompatible = true\n",
  "VersionTTL = 10\n",
);

const kuberc = fc.constantFrom(
  "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\ndefaults:\n- {command: get, options: [{name: context, default: dev}]}\n",
  "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\ndefaults:\n- {command: get, options: [{name: context, default: eu}]}\n",
  'apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\naliases:\n- {name: gz, command: get, appendArgs: ["--context=eu"]}\n',
);

const CA = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

const contents: Record<Place, fc.Arbitrary<string>> = {
  kubeconfig,
  extra: kubeconfig,
  kuberc,
  config: settings,
  ca: fc.constantFrom(CA, CA.replace("MIIB", "MIIC")),
};

const args = fc.constantFrom(
  ["get", "pods"],
  ["get", "pods", "--context", "dev"],
  ["--context=dev", "get", "pods"],
  ["get", "pods", "--context=eu", "-n", "x"],
  ["describe", "node", "n"],
  ["-s", "https://b:6443", "get", "pods"],
  ["get", "pods", "--cluster", "eu"],
  ["get", "pods", "--kubeconfig", "extra"],
  ["get", "pods", "--insecure-skip-tls-verify"],
  ["gz"],
  ["config", "view"],
  ["version", "--client"],
  ["__complete", "get", "po"],
);

const variables = fc.constantFrom(
  ["KUBECONFIG", "extra"],
  ["KUBECONFIG", "missing:extra"],
  ["KUBECONFIG", ""],
  ["KUBERLR_KUBECTL", "1.30.1"],
  ["KUBERLR_HANDOFF", "spawn"],
  ["KUBERLR_SYSTEMPATH", "/nowhere"],
  ["KUBERC", "off"],
  ["KUBERNETES_EXEC_INFO", "{}"],
  ["HTTPS_PROXY", "http://me:secret@proxy:3128"],
  ["NO_PROXY", "a"],
  ["UNRELATED", "x"],
) as fc.Arbitrary<readonly [string, string]>;

export type Change =
  | { readonly kind: "write"; readonly place: Place; readonly content: string }
  /** Another content of the same size, the time stamps put back. */
  | { readonly kind: "edit"; readonly place: Place }
  | { readonly kind: "touch" | "delete" | "rename" | "link"; readonly place: Place }
  | { readonly kind: "chmod"; readonly place: Place | Kubectl }
  | { readonly kind: "add" | "remove"; readonly kubectl: Kubectl }
  | { readonly kind: "set"; readonly name: string; readonly value: string }
  | { readonly kind: "unset"; readonly name: string }
  | { readonly kind: "args"; readonly args: readonly string[] }
  | { readonly kind: "cwd" }
  | { readonly kind: "time"; readonly seconds: number }
  | { readonly kind: "upgrade"; readonly server: string; readonly version: string };

interface Kubectl {
  readonly folder: "local" | "system";
  readonly version: string;
}

const place = fc.constantFrom(...Object.keys(PLACES) as Place[]);
const kubectl = fc.record({
  folder: fc.constantFrom("local", "system"),
  version: fc.constantFrom(...VERSIONS),
}) as fc.Arbitrary<Kubectl>;
const server = fc.constantFrom("https://a:6443", "https://b:6443", "http://c");
const version = fc.constantFrom("v1.28.3+k3s1", "v1.29.0", "v1.30.2", "down");

const change: fc.Arbitrary<Change> = fc.oneof(
  place.chain((place) =>
    contents[place].map((content) => ({ kind: "write", place, content } as const))
  ),
  fc.record({
    kind: fc.constantFrom("edit", "touch", "delete", "rename", "link"),
    place,
  }) as fc.Arbitrary<Change>,
  fc.record({ kind: fc.constant("chmod"), place: fc.oneof(place, kubectl) }) as fc.Arbitrary<
    Change
  >,
  fc.record({ kind: fc.constantFrom("add", "remove"), kubectl }) as fc.Arbitrary<Change>,
  variables.map(([name, value]) => ({ kind: "set", name, value } as const)),
  variables.map(([name]) => ({ kind: "unset", name } as const)),
  args.map((args) => ({ kind: "args", args } as const)),
  fc.constant({ kind: "cwd" } as const),
  fc.constantFrom(-100, 5, 40, 4_000).map((seconds) => ({ kind: "time", seconds } as const)),
  fc.record({ kind: fc.constant("upgrade"), server, version }) as fc.Arbitrary<Change>,
);

export interface WorldPlan {
  readonly files: Partial<Record<Place, string>>;
  readonly kubectls: readonly Kubectl[];
  readonly variables: readonly (readonly [string, string])[];
  readonly servers: readonly string[];
  readonly args: readonly string[];
  readonly changes: readonly Change[];
}

export interface MemoWorld extends Disposable {
  readonly args: readonly string[];
  readonly host: Host;
  change(change: Change): void;
}

const arbitrary: fc.Arbitrary<WorldPlan> = fc.record({
  files: fc.record(contents, { requiredKeys: ["kubeconfig", "ca"] }) as fc.Arbitrary<
    Partial<Record<Place, string>>
  >,
  kubectls: fc.array(kubectl, { minLength: 1, maxLength: 5 }),
  variables: fc.array(variables, { maxLength: 2 }),
  servers: fc.tuple(version, version, version),
  args,
  changes: fc.array(change, { maxLength: 3 }),
});

export function describeWorld(plan: WorldPlan): string {
  return JSON.stringify(plan, undefined, 1);
}

export const memoWorld = { arbitrary, build };

function build(plan: WorldPlan): MemoWorld {
  const root = Deno.makeTempDirSync();
  const pathOf = (place: Place) => `${root}/${PLACES[place]}`;
  const folders = { local: `${root}/home/.kuberlr/linux-amd64`, system: `${root}/system` };
  for (const folder of [`${root}/home/.kube`, ...Object.values(folders), `${root}/elsewhere`]) {
    Deno.mkdirSync(folder, { recursive: true });
  }
  const kubectlPath = ({ folder, version }: Kubectl) => `${folders[folder]}/kubectl${version}`;
  const addKubectl = (kubectl: Kubectl) =>
    Deno.writeTextFileSync(kubectlPath(kubectl), "#!/bin/sh\n", { mode: 0o755 });
  for (const [place, content] of Object.entries(plan.files)) {
    if (content !== undefined) Deno.writeTextFileSync(pathOf(place as Place), content);
  }
  plan.kubectls.forEach(addKubectl);

  const env: Record<string, string> = {
    HOME: `${root}/home`,
    KUBERLR_SYSTEMPATH: folders.system,
    KUBERLR_ALLOWDOWNLOAD: "false",
  };
  for (const [name, value] of plan.variables) env[name] = value;
  const servers: Record<string, string> = Object.fromEntries(
    ["https://a:6443", "https://b:6443", "http://c"].map((
      url,
      i,
    ) => [url, plan.servers[i] ?? "down"]),
  );
  const state = { args: plan.args, cwd: `${root}/home`, offsetMs: 0 };
  const tolerantly = (act: () => void) => {
    try {
      act();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  };

  const host = {
    platform: PLATFORM,
    program: { argv0: "kubectl", args: [], identity: () => undefined, cwd: () => state.cwd },
    env: { get: (name: string) => env[name] },
    files: denoFiles(PLATFORM),
    clock: {
      nowMs: () => Date.now() + state.offsetMs,
      monotonicMs: () => performance.now(),
      sleep: () => Promise.resolve(),
    },
    http: {
      ask({ url }: { readonly url: string }) {
        const gitVersion =
          Object.entries(servers).find(([server]) => url.startsWith(server))?.[1] ?? "down";
        return Promise.resolve(
          gitVersion === "down"
            ? { kind: "failure", cause: "refused", message: "Connection refused" } as const
            : {
              kind: "answer",
              status: 200,
              location: undefined,
              body: new TextEncoder().encode(JSON.stringify({ gitVersion })),
            } as const,
        );
      },
    },
  } as unknown as Host;

  return {
    get args() {
      return state.args;
    },
    host,
    change(change) {
      switch (change.kind) {
        case "write":
          tolerantly(() => Deno.removeSync(pathOf(change.place)));
          return Deno.writeTextFileSync(pathOf(change.place), change.content);
        case "edit":
          return tolerantly(() => {
            const path = pathOf(change.place);
            const { atime, mtime } = Deno.statSync(path);
            const text = Deno.readTextFileSync(path);
            Deno.writeTextFileSync(
              path,
              text.replaceAll("https://a", "https://b").replaceAll("MIIB", "MIID").replace(
                "dev",
                "prd",
              ),
            );
            Deno.utimeSync(path, atime!, mtime!);
          });
        case "touch":
          return tolerantly(() => Deno.utimeSync(pathOf(change.place), new Date(), new Date()));
        case "delete":
          return tolerantly(() => Deno.removeSync(pathOf(change.place)));
        case "rename":
          return tolerantly(() =>
            Deno.renameSync(pathOf(change.place), `${root}/elsewhere/${change.place}`)
          );
        case "link":
          return tolerantly(() => {
            const path = pathOf(change.place);
            Deno.renameSync(path, `${path}.target`);
            Deno.symlinkSync(`${path}.target`, path);
          });
        case "chmod":
          return tolerantly(() =>
            Deno.chmodSync(
              typeof change.place === "string" ? pathOf(change.place) : kubectlPath(change.place),
              0o640,
            )
          );
        case "add":
          tolerantly(() => Deno.removeSync(kubectlPath(change.kubectl)));
          return addKubectl(change.kubectl);
        case "remove":
          return tolerantly(() => Deno.removeSync(kubectlPath(change.kubectl)));
        case "set":
          env[change.name] = change.value;
          return;
        case "unset":
          delete env[change.name];
          return;
        case "args":
          state.args = change.args;
          return;
        case "cwd":
          state.cwd = `${root}/elsewhere`;
          return;
        case "time":
          state.offsetMs += change.seconds * 1000;
          return;
        case "upgrade":
          servers[change.server] = change.version;
      }
    },
    [Symbol.dispose]: () => Deno.removeSync(root, { recursive: true }),
  };
}
