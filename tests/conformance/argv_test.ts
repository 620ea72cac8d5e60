/**
 * Command lines as the real kubectls 1.27, 1.33 and 1.36 read them: which server they asked, and as
 * which user. The kubeconfig had the contexts xx (current), yy and zz, clusters with similar names
 * and one user, and a separate user u2.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { scanKubectlArgv } from "../../lib/kubectl/argv.ts";
import vectors from "../testdata/vectors-argv.json" with { type: "json" };

const CLUSTERS: Readonly<Record<string, string>> = { xx: "cx", yy: "cy", zz: "cz" };
const IMPERSONATED: Readonly<Record<string, string>> = { u2: "two" };

for (const { kubectl, argv, contacted, impersonateUser } of vectors.cases) {
  Deno.test(`scanKubectlArgv() reads as kubectl ${kubectl}: ${argv.join(" ")}`, () => {
    const { globals } = scanKubectlArgv(argv);
    const cluster = globals.cluster || CLUSTERS[globals.context || "xx"];
    assertEquals(
      {
        contacted: globals.server || `cluster ${cluster}`,
        impersonateUser: globals.as || IMPERSONATED[globals.user ?? ""] || null,
      },
      { contacted, impersonateUser },
    );
  });
}
