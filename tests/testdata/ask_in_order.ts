/**
 * tests/host/net/http_client_test.ts runs it: asks servers one after the other in a process of its
 * own.
 */
import type { ApiTls } from "../../lib/ports/host.ts";
import { apiHttp } from "../../lib/host/net/api_client.ts";

const before = environment();
const certificateAuthority = Deno.readTextFileSync(Deno.env.get("OURS")!);
const OURS: ApiTls = {
  certificateAuthority,
  insecure: false,
  serverName: undefined,
  clientCertificate: undefined,
};
const TLS: Readonly<Record<string, ApiTls>> = {
  ours: OURS,
  system: { ...OURS, certificateAuthority: undefined },
  insecure: { ...OURS, certificateAuthority: undefined, insecure: true },
  named: { ...OURS, serverName: "kubernetes.default" },
};

const http = apiHttp({ monotonicMs: () => performance.now() });
const answers: Record<string, string> = {};
for (const step of Deno.args) {
  const [server = "", trust = ""] = step.split("/");
  const response = await http.ask({
    url: `${Deno.env.get(server === "ours" ? "OURS_URL" : "SYSTEMS_URL")}/version`,
    headers: {},
    tls: TLS[trust],
    proxy: undefined,
    deadlineMs: performance.now() + 10_000,
    maxBytes: 1024,
  });
  answers[step] = response.kind === "failure" ? response.cause : response.kind;
}
await new Blob([JSON.stringify({ answers, environmentKept: environment() === before })]).stream()
  .pipeTo(Deno.stdout.writable);

/** Returns the environment as a child would inherit it, in order and byte for byte. */
function environment(): string {
  const { stdout } = new Deno.Command("env", { args: ["-0"] }).outputSync();
  return Array.from(stdout, (byte) => String.fromCharCode(byte)).join("");
}
