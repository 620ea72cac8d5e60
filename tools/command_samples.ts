/**
 * The output of some commands, for docs/commands.md: real output in a terminal of 80 columns, with
 * the home folder `/home/me`.
 *
 * @module
 */
export const SAMPLES: readonly {
  readonly command: string;
  /** The sentence before the sample. */
  readonly says: string;
  readonly prints: string;
}[] = [
  {
    command: "kuberlr clusters",
    says:
      "`clusters` lists every context. AGE is the age of the server's answer, SKEW is kubectl's minor minus the server's. `--check` is for pipelines, `--get` downloads missing kubectls:",
    prints: `
CONTEXT  STATUS  VERSION        AGE  KUBECTL  SKEW  END OF LIFE  SERVER
cloud    ok      v1.30.0-eks-…  0 s  1.30.0   0     2025-07-15   127.0.0.1:40771
edge     ok      v1.36.3+k3s1   0 s  1.36.3   0     2027-06-28   127.0.0.1:42227
legacy   ok      v1.20.0        0 s  1.20.0   0     2022-02-28   127.0.0.1:44289
`,
  },
  {
    command: "kuberlr explain --context cloud get pods",
    says: "`explain` shows why a kubectl was chosen (an excerpt of the output):",
    prints: `
Server
  context  cloud, by --context
  cluster  cloud, by /home/me/.kube/config: contexts["cloud"].cluster
  user     cloud, by /home/me/.kube/config: contexts["cloud"].user
  server   https://127.0.0.1:40771, by /home/me/.kube/config:
           clusters["cloud"].server

Version
  version  v1.30.0-eks-036c24b, remembered for 0 s
  window   kubectl 1.29 to 1.31, by the version skew policy

Kubectls
  VERSION  SOURCE  PATH
  1.36.3   local   /home/me/.kuberlr/linux-amd64/kubectl1.36.3
    outside the skew window: too new
  1.30.0   local   /home/me/.kuberlr/linux-amd64/kubectl1.30.0
    taken
  1.20.0   local   /home/me/.kuberlr/linux-amd64/kubectl1.20.0
    outside the skew window: too old

Decision
  use      /home/me/.kuberlr/linux-amd64/kubectl1.30.0
  because  the server's own minor (server 1.30.0), the newest installed
`,
  },
  {
    command: "kuberlr get auto",
    says:
      "`get auto` downloads the current cluster's kubectl before it is needed, and prints its path:",
    prints: `
/home/me/.kuberlr/linux-amd64/kubectl1.30.0
`,
  },
  {
    command: "kuberlr skew v1.30.2-eks-1552ad0",
    says: "`skew` explains a Kubernetes version string, and asks no cluster:",
    prints: `
release    1.30.2
vendor     eks-1552ad0
kubectl    1.29 to 1.31
k8s.io/*   v0.30.2
tag        kubernetes-1.30.2
client-go  same features and API objects: 1.30; common features work, each side
           may have others: 1.27 to 1.29, 1.31 to 1.34
support    ended 2025-07-15; released 2024-04-17, last patch 1.30.14 (as of
           2026-11-20)
`,
  },
];
