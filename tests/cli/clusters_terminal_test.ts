/**
 * A server that hangs: `clusters` says which servers it waits for, and prints the table at the end.
 */
import { assert, assertEquals } from "@std/assert";
import { startApiServer } from "../support/api_server.ts";
import { kubeconfig } from "../support/kubeconfig_builder.ts";
import { sandbox } from "../support/sandbox.ts";
import { missingTerminal, openTerminal } from "../support/terminal_session.ts";

const missing = missingTerminal();

Deno.test({
  name: "clusters takes a terminal without a size for one of 80 columns" +
    (missing === undefined ? "" : ` (ignored: ${missing})`),
  ignore: missing !== undefined,
  async fn() {
    await using box = await sandbox();
    await using api = await startApiServer({ version: "v1.30.5-eks-036c24b" });
    box.kubeconfig(kubeconfig().context("a-context-with-a-long-name", { server: api.url }));
    box.fakeKubectl("1.30.2");
    await using terminal = await openTerminal({ ...box.env, KUBERLR_COLOR: "never" });
    await terminal.type("stty cols 0; kuberlr clusters\n");
    const [table] = await terminal.waitFor(/CONTEXT +STATUS[^]*sh> $/);
    const lines = table.split(/\r?\n/).slice(0, -1);
    assertEquals(lines.filter((line) => line.length > 80), []);
    assertEquals(lines.length, 3, table);
  },
});

Deno.test({
  name: "clusters says which servers it waits for, and shows all in order" +
    (missing === undefined ? "" : ` (ignored: ${missing})`),
  ignore: missing !== undefined,
  async fn() {
    await using box = await sandbox();
    let release = () => {};
    const held = new Promise<void>((resolve) => release = resolve);
    const over = new AbortController();
    await using fast = await startApiServer({ version: "v1.30.5" });
    const options = { hostname: "127.0.0.1", port: 0, signal: over.signal, onListen() {} };
    await using slow = Deno.serve(options, async () => {
      await held;
      return Response.json({ gitVersion: "v1.28.3" });
    });
    // This comes first: a server that stops waits for its answers, and for connections that others
    // left open.
    using _over = {
      [Symbol.dispose]() {
        release();
        over.abort();
      },
    };
    box.kubeconfig(
      kubeconfig()
        .context("slow", { server: `http://127.0.0.1:${slow.addr.port}` })
        .context("fast", { server: fast.url })
        .current("slow"),
    );
    box.fakeKubectl("1.30.2");
    await using terminal = await openTerminal({
      ...box.env,
      KUBERLR_TIMEOUT: "60",
      KUBERLR_COLOR: "never",
      COLUMNS: "120",
    });
    await terminal.type("stty cols 120; kuberlr clusters\n");
    await terminal.waitFor(/kuberlr: Waiting for the servers of "slow"\r?\n/);
    release();
    const [table] = await terminal.waitFor(/CONTEXT +STATUS[^]*sh> $/);
    const [, fastLine = "", slowLine = ""] = table.split(/\r?\n/);
    assert(/^fast +ok +v1\.30\.5 .*1\.30\.2 /.test(fastLine), table);
    assert(/^slow +ok +v1\.28\.3 .*1\.28\.3 missing /.test(slowLine), table);
    assertEquals(fast.requests.length, 1);
  },
});
