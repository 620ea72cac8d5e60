/**
 * The parts of the worlds of the memo's property test, and their changes, as values.
 *
 * @module
 */
import fc from "fast-check";

const CONTEXTS = ["prod", "dev", "eu"] as const;
const VERSIONS = ["1.27.4", "1.28.0", "1.29.9", "1.30.1", "1.30.2", "1.31.0"] as const;
export const PLATFORM = { os: "linux", arch: "amd64" } as const;

/** The files that a world may hold, by their path below its folder. */
export const PLACES = {
  kubeconfig: "home/.kube/config",
  extra: "home/extra",
  kuberc: "home/.kube/kuberc",
  config: "home/.kuberlr/kuberlr.conf",
  ca: "home/ca.crt",
} as const;
export type Place = keyof typeof PLACES;

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
  /** Writes other content of the same size, and restores the time stamps. */
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

export interface Kubectl {
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

export const arbitrary: fc.Arbitrary<WorldPlan> = fc.record({
  files: fc.record(contents, { requiredKeys: ["kubeconfig", "ca"] }) as fc.Arbitrary<
    Partial<Record<Place, string>>
  >,
  kubectls: fc.array(kubectl, { minLength: 1, maxLength: 5 }),
  variables: fc.array(variables, { maxLength: 2 }),
  servers: fc.tuple(version, version, version),
  args,
  changes: fc.array(change, { maxLength: 3 }),
});
