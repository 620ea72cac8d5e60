import { assertEquals } from "@std/assert";
import { denoSignatures } from "../../../lib/host/net/signatures.ts";
import { fakeEnv } from "../../support/fake_host.ts";

const TOO_LARGE = { kind: "failure", message: "its answer is too large" };

for (
  const { bytes, want } of [
    { bytes: 1024 * 1024, want: { kind: "answer", status: 201 } },
    { bytes: 1024 * 1024 + 1, want: TOO_LARGE },
  ]
) {
  Deno.test(`Signatures.post() takes ${bytes} bytes for ${want.kind}`, async () => {
    const text = "x".repeat(bytes);
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      () => new Response(text, { status: 201 }),
    );
    const { post } = denoSignatures(fakeEnv());
    const got = await post(`http://127.0.0.1:${server.addr.port}/`, "{}", 10_000);
    assertEquals(got, want.kind === "answer" ? { ...want, body: text } : want);
  });
}
