import { assertEquals } from "@std/assert";
import type { Credentials } from "../../../lib/connection/credentials.ts";
import { parseVersion, type Version } from "../../../lib/version/version.ts";
import { type Answer, startApiServer } from "../../support/api_server.ts";
import {
  ask,
  authorizations,
  ca,
  pluginPrinting,
  query,
  target,
  tls,
} from "../../support/query_world.ts";

Deno.test("queryApiServer() tells the version", async () => {
  await using server = await startApiServer({ tls, version: "v1.29.4-eks-036c24b" });
  assertEquals(await query(target(server)), {
    kind: "version",
    version: parseVersion("1.29.4") as Version,
    gitVersion: "v1.29.4-eks-036c24b",
  });
});

/** Returns an answer with this many bytes, each of which is needed. */
function answerOf(bytes: number): string {
  const [start, end] = ['{"gitVersion":"v1.30.2","pad":"', '"}'];
  return `${start}${"x".repeat(bytes - start.length - end.length)}${end}`;
}

for (
  const { name, answer, want } of [
    {
      name: "a login page",
      answer: { kind: "html" },
      want: "unknown: its answer is not a JSON object",
    },
    { name: "401", answer: { kind: "status", status: 401 }, want: "denied: it answered 401" },
    { name: "403", answer: { kind: "status", status: 403 }, want: "denied: it answered 403" },
    { name: "404", answer: { kind: "status", status: 404 }, want: "unknown: it answered 404" },
    { name: "429", answer: { kind: "status", status: 429 }, want: "unknown: it answered 429" },
    { name: "500", answer: { kind: "status", status: 500 }, want: "unknown: it answered 500" },
    { name: "503", answer: { kind: "status", status: 503 }, want: "unknown: it answered 503" },
    {
      name: "nothing",
      answer: { kind: "body", body: "" },
      want: "unknown: its answer is not a JSON object",
    },
    {
      name: "no gitVersion",
      answer: { kind: "body", body: "{}" },
      want: "unknown: its answer names no version",
    },
    {
      name: "an unbuilt server's version",
      answer: { kind: "body", body: `{"gitVersion":"v0.0.0-master+$Format:%H$"}` },
      want: "unknown: its answer names no version",
    },
    {
      name: "a cut answer",
      answer: { kind: "truncated" },
      want: "unreachable: the connection was closed before the answer was complete",
    },
    {
      name: "silence",
      answer: { kind: "hang" },
      want: "unreachable: no answer came in time",
    },
    {
      name: "drops without end",
      answer: { kind: "drip" },
      want: "unreachable: no answer came in time",
    },
    {
      name: "more than is read",
      answer: { kind: "huge", bytes: 4 * 1024 * 1024 },
      // Everything after it is padding, so the version was read.
      want: "v1.30.2",
    },
    {
      name: "the longest answer that is read whole",
      answer: { kind: "body", body: answerOf(1024 * 1024) },
      want: "v1.30.2",
    },
    {
      name: "a longer answer",
      answer: { kind: "body", body: answerOf(1024 * 1024 + 1) },
      want: "unknown: its answer is not a JSON object",
    },
    {
      name: "a redirect to nowhere",
      answer: { kind: "body", status: 302, body: "" },
      want: "unknown: its redirect has no usable address",
    },
    {
      name: "a redirect to itself",
      answer: { kind: "redirect", location: "/version" },
      want: "unknown: it redirects too often",
    },
    {
      name: "terminal escapes",
      answer: { kind: "body", body: JSON.stringify({ gitVersion: "v1.30.2-\x1b[31mred" }) },
      want: "v1.30.2-[31mred",
    },
  ] satisfies { name: string; answer: Answer; want: string }[]
) {
  Deno.test(`queryApiServer() makes sense of ${name}`, async () => {
    await using server = await startApiServer({ tls, answer });
    const patience = want.endsWith("in time") ? 0.5 : 10;
    assertEquals(await ask(target(server), patience), want);
  });
}

Deno.test("queryApiServer() reports a server that is down", async () => {
  const server = await startApiServer({ tls });
  await server[Symbol.asyncDispose]();
  assertEquals(await ask(target(server)), "unreachable: the connection was refused");
});

for (
  const { name, credentials, want } of [
    { name: "no credentials", credentials: {}, want: undefined },
    { name: "a token", credentials: { token: "t" }, want: "Bearer t" },
    {
      name: "user and password",
      credentials: { basic: { username: "u", password: "p" } },
      want: `Basic ${btoa("u:p")}`,
    },
    {
      name: "the token of a file before the token itself",
      credentials: { token: "t", tokenFile: "{folder}/token" },
      want: "Bearer from-file",
    },
    {
      name: "the token where its file is missing",
      credentials: { token: "t", tokenFile: "{folder}/missing" },
      want: "Bearer t",
    },
    {
      name: "the token where its file is empty",
      credentials: { token: "t", tokenFile: "{folder}/empty" },
      want: "Bearer t",
    },
    {
      name: "a byte order mark at the start of the token's file",
      credentials: { token: "t", tokenFile: "{folder}/marked" },
      want: "Bearer \xef\xbb\xbfmarked",
    },
    {
      name: "nothing where the token's file holds a NUL, which kubectl does not send",
      credentials: { tokenFile: "{folder}/zero" },
      want: undefined,
    },
    {
      name: "nothing where the token's file is a folder",
      credentials: { tokenFile: "{folder}" },
      want: undefined,
    },
    {
      name: "nothing where a client certificate's file is missing",
      credentials: {
        clientCertificate: { file: "{folder}/missing" },
        clientKey: { file: "{folder}/missing" },
      },
      want: undefined,
    },
  ] satisfies { name: string; credentials: Credentials; want: string | undefined }[]
) {
  Deno.test(`queryApiServer() sends ${name}, at once and once`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.writeTextFile(`${folder}/token`, "  from-file\n");
      await Deno.writeTextFile(`${folder}/empty`, " \n");
      await Deno.writeTextFile(`${folder}/marked`, "\ufeffmarked\u0085\r\n");
      await Deno.writeTextFile(`${folder}/zero`, "a\0b");
      await using server = await startApiServer({ tls });
      const escaped = JSON.stringify(folder).slice(1, -1);
      const located = JSON.parse(JSON.stringify(credentials).replaceAll("{folder}", escaped));
      assertEquals(await ask(target(server, located)), "v1.30.2");
      assertEquals(authorizations(server), [want]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

for (const combined of [false, true]) {
  Deno.test(`queryApiServer() presents a client certificate ${combined ? "from one combined file" : "and its key"}`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await using server = await startApiServer({
        tls,
        clientCa: ca.certificate,
        anonymous: false,
      });
      const { certificate, key } = await ca.client({ user: "alice" });
      const file = `${folder}/client.pem`;
      await Deno.writeTextFile(file, combined ? key + certificate : certificate);
      const credentials: Credentials = {
        clientCertificate: { file },
        clientKey: combined ? { file } : { text: key },
      };
      assertEquals(await ask(target(server, credentials)), "v1.30.2");
      assertEquals(server.requests.map((request) => request.clientCertificate), ["alice"]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("queryApiServer() sends no credential over http, even if it has one", async () => {
  await using server = await startApiServer({ answer: { kind: "status", status: 401 } });
  const plugin = pluginPrinting({ token: "t" });
  for (
    const credentials of [{ token: "t" }, { basic: { username: "u", password: "p" } }, {
      exec: plugin,
    }]
  ) {
    assertEquals(await ask(target(server, credentials)), "denied: it answered 401");
  }
  assertEquals(authorizations(server), [undefined, undefined, undefined]);
});

Deno.test("queryApiServer() follows a redirect within the server, without its credentials", async () => {
  await using server = await startApiServer({
    tls,
    token: "t",
    prefix: "/k8s",
    answer: ({ path }) =>
      path === "/version" ? { kind: "redirect", location: "/k8s/version" } : undefined,
  });
  const { url } = server;
  const asked = target({ url: url.slice(0, -"/k8s".length) }, { token: "t" });
  assertEquals(await ask(asked), "v1.30.2");
  assertEquals(server.requests.map(({ path, authorization }) => [path, authorization]), [
    ["/version", "Bearer t"],
    ["/k8s/version", undefined],
  ]);
});

for (const status of [301, 302, 303, 307, 308]) {
  Deno.test(`queryApiServer() carries no credential to another server (${status})`, async () => {
    await using elsewhere = await startApiServer({ tls });
    await using plain = await startApiServer();
    for (const location of [elsewhere.url, plain.url, `//127.0.0.1:${elsewhere.port}/version`]) {
      const answer: Answer = { kind: "redirect", location, status };
      await using server = await startApiServer({ tls, answer });
      assertEquals(
        await ask(target(server, { token: "t" })),
        "unknown: it redirects to another server",
      );
    }
    assertEquals([elsewhere.connections, plain.connections], [0, 0]);
  });
}

Deno.test("queryApiServer() follows no more than three redirects", async () => {
  let hops = 0;
  await using server = await startApiServer({
    tls,
    answer: () => hops++ < 4 ? { kind: "redirect", location: `/version?${hops}` } : undefined,
  });
  assertEquals(await ask(target(server)), "unknown: it redirects too often");
  assertEquals(server.requests.length, 4);
});
