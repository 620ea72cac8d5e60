import { assertEquals } from "@std/assert";
import { findOtherProgram } from "../../lib/signature/go_binary.ts";
import { parseVersion } from "../../lib/version/version.ts";
import { elfBytes, kubectlBytes } from "../support/mirror_files.ts";
import { realKubectlTest } from "../support/real_kubectls.ts";

const KUBECTL = "k8s.io/kubernetes/cmd/kubectl";
const WANTED = parseVersion("1.30.2")!;

const ROWS: readonly [name: string, bytes: Uint8Array, want: string | undefined][] = [
  ["kubectl 1.30.2", kubectlBytes("1.30.2"), undefined],
  ["another patch", kubectlBytes("1.30.1"), "is of kubectl 1.30.1 instead of 1.30.2"],
  ["a longer number", kubectlBytes("1.30.20"), "is of kubectl 1.30.20 instead of 1.30.2"],
  ["a pre-release", kubectlBytes("1.30.2-rc.1"), "is of kubectl 1.30.2-rc.1 instead of 1.30.2"],
  ["a vendor's", kubectlBytes("1.30.2-eks-1"), "is of kubectl 1.30.2-eks-1 instead of 1.30.2"],
  [
    "another program",
    kubectlBytes("1.30.2", { program: "k8s.io/kubernetes/cmd/kubeadm" }),
    `is of "k8s.io/kubernetes/cmd/kubeadm" instead of kubectl`,
  ],
  [
    "a program whose name begins like it",
    kubectlBytes("1.30.2", { program: `${KUBECTL}-convert` }),
    `is of "${KUBECTL}-convert" instead of kubectl`,
  ],
  ["no Go program", elfBytes(1_000), `is of "an unknown program" instead of kubectl`],
  ["nothing", new Uint8Array(), `is of "an unknown program" instead of kubectl`],
  [
    "a version of 63 characters",
    kubectlBytes(long(63)),
    `is of kubectl ${long(63)} instead of 1.30.2`,
  ],
  [
    "a version of 64 characters",
    kubectlBytes(long(64)),
    "is of kubectl without a version instead of 1.30.2",
  ],
  ["one without a version", kubectlBytes(""), "is of kubectl without a version instead of 1.30.2"],
  [
    "one that ends early",
    kubectlBytes("1.30.2").subarray(0, 200_012),
    "is of kubectl without a version instead of 1.30.2",
  ],
  [
    "one with two versions",
    withAnother("1.29.4"),
    "is of kubectl 1.30.2, 1.29.4 instead of 1.30.2",
  ],
];
for (const [name, bytes, want] of ROWS) {
  Deno.test(`findOtherProgram() says ${want ?? "nothing"} of ${name}`, () => {
    assertEquals(findOtherProgram(bytes, WANTED), want);
  });
}

// Their versions are in ldflags, missing, or those of modules. Other tests use other kubectls.
await realKubectlTest(
  "findOtherProgram() reads real kubectls",
  ["1.27.1", "1.30.0", "1.33.9", "1.36.3"],
  (kubectls) => {
    for (const { path, version } of kubectls) {
      const bytes = Deno.readFileSync(path);
      assertEquals(findOtherProgram(bytes, parseVersion(version)!), undefined);
      assertEquals(findOtherProgram(bytes, WANTED), `is of kubectl ${version} instead of 1.30.2`);
    }
  },
);

/** The linker's text has a "v" before it. */
function long(length: number): string {
  return "1.30.2-".padEnd(length - 1, "x");
}

function withAnother(version: string): Uint8Array {
  const bytes = kubectlBytes("1.30.2");
  bytes.set(new TextEncoder().encode(`v${version}\0v${version}\0`), 250_000);
  return bytes;
}
