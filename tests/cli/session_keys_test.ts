/**
 * kuberlr's connections carry credentials, so the keys of their TLS sessions are not written to the
 * file that SSLKEYLOGFILE names, in whichever form kuberlr runs. A Deno that runs a script opens
 * that file before the script starts.
 */
import { assertEquals } from "@std/assert";
import { startApiServer } from "../support/api_server.ts";
import { makeAuthority } from "../support/certificates.ts";
import { fakeOutput } from "../support/fake_kubectl.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { story } from "../support/sandbox.ts";

// Elsewhere than on Linux, nothing tells by which descriptor Deno writes.
const unless = Deno.build.os === "linux" ? undefined : "needs Linux' /proc";

for (const insecure of [false, true]) {
  story(
    `no session key of a server${
      insecure ? " that is not verified" : ""
    } is written to the file of SSLKEYLOGFILE`,
    async (box) => {
      const authority = await makeAuthority();
      await using api = await startApiServer({ tls: await authority.server(), version: "v1.29.4" });
      const server = insecure
        ? { server: api.url, "insecure-skip-tls-verify": true }
        : { server: api.url, ca: authority.certificate };
      box.kubeconfig(kubeconfig().context("prod", server, { token: "t" }));
      box.fakeKubectl("1.29.4", { then: `echo "[$SSLKEYLOGFILE]"; echo kubectl >&3` });
      // The shell opens the same file for kubectl: this descriptor stays as it is.
      const SSLKEYLOGFILE = box.write("session-keys", "");
      const { stdout, stderr } = await box.exec("/bin/sh", [
        "-c",
        `exec "$0" get pods 3>>"$SSLKEYLOGFILE"`,
        ...box.command("kubectl"),
      ], { env: { SSLKEYLOGFILE } });
      assertEquals(
        [stdout, stderr],
        [`${fakeOutput("1.29.4", ["get", "pods"])}[${SSLKEYLOGFILE}]\n`, ""],
      );
      assertEquals(api.requests.map(({ authorization }) => authorization), ["Bearer t"]);
      assertEquals(Deno.readTextFileSync(SSLKEYLOGFILE), "kubectl\n");
    },
    { unless },
  );
}
