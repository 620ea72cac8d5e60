/**
 * Signatures at install: Fulcio and Rekor are the library's mocks, and the mirror serves an
 * attacker's files.
 */
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { KuberlrError } from "../../../lib/errors.ts";
import { denoHost } from "../../../lib/host/deno_host.ts";
import { localHost } from "../../../lib/host/local_host.ts";
import { bundlePath } from "../../../lib/signature/bundle.ts";
import { installKubectl } from "../../../lib/kubectls/steps/install_kubectl.ts";
import { parseMirror } from "../../../lib/mirror/mirror.ts";
import { startSession } from "../../../lib/mirror/steps/ask_mirror.ts";
import type { FetchedKubectl } from "../../../lib/mirror/steps/fetch_kubectl.ts";
import { startWaitBudget } from "../../../lib/mirror/steps/wait_budget.ts";
import type { Signatures } from "../../../lib/ports/signatures.ts";
import { makeSignatureCheck } from "../../../lib/signature/steps/check_signature.ts";
import { recheckSignature } from "../../../lib/signature/steps/recheck_signature.ts";
import { fakeDownloads } from "../../support/fake_downloads.ts";
import { fakeClock, fakeTerminal, LINUX } from "../../support/fake_host.ts";
import {
  type InstallWorld,
  installWorld,
  mirrorConfig,
  version,
  wanted,
} from "../../support/install_world.ts";
import { startMirror } from "../../support/mirror.ts";
import { elfBytes, kubectlBytes } from "../../support/mirror_files.ts";
import { realKubectlTest } from "../../support/real_kubectls.ts";
import {
  type PublishedSignature,
  type SignOptions,
  type Sigstore,
  type SigstoreOptions,
  startSigstore,
} from "../../support/sigstore.ts";

const BYTES = kubectlBytes("1.30.2");
const HOUR_MS = 60 * 60 * 1000;

interface Case extends SigstoreOptions {
  readonly name: string;
  readonly version?: string;
  /** The mirror serves this as the kubectl. */
  readonly bytes?: Uint8Array<ArrayBuffer>;
  /** The mirror serves these beside the bytes. */
  readonly signs?: (sigstore: Sigstore) => Promise<Partial<PublishedSignature>>;
  /** A part of the reason. */
  readonly want: RegExp;
  readonly hint?: RegExp;
}

const signs = (options: SignOptions) => (sigstore: Sigstore) => sigstore.sign(BYTES, options);

const OLDER = kubectlBytes("1.29.4");
const KUBEADM = kubectlBytes("1.30.2", { program: "k8s.io/kubernetes/cmd/kubeadm" });
const NOT_HELD = /that the log's tree does not hold/;

const BAD: readonly Case[] = [
  {
    name: "another release that is signed",
    bytes: OLDER,
    signs: (sigstore) => sigstore.sign(OLDER),
    want: /is of kubectl 1\.29\.4 instead of 1\.30\.2/,
    hint: /compare with another mirror/,
  },
  {
    name: "another program that is signed",
    bytes: KUBEADM,
    signs: (sigstore) => sigstore.sign(KUBEADM),
    want: /is of "k8s\.io\/kubernetes\/cmd\/kubeadm" instead of kubectl/,
  },
  ...([
    ["null", () => null],
    ["a word", () => "none"],
    ["empty", () => ({})],
    ["without a checkpoint", ({ checkpoint: _, ...proof }) => proof],
    ["without hashes", ({ hashes: _, ...proof }) => proof],
    ["of another root", (proof) => ({ ...proof, rootHash: "00".repeat(32) })],
    ["of an invalid root", (proof) => ({ ...proof, rootHash: "?" })],
    ["of another size", (proof) => ({ ...proof, treeSize: 2 })],
    ["of another index", (proof) => ({ ...proof, logIndex: 1 })],
    ["of an invalid index", (proof) => ({ ...proof, logIndex: "x" })],
    ["of a hash too many", (proof) => ({ ...proof, hashes: ["00".repeat(32)] })],
    // deno-lint-ignore no-explicit-any
  ] as readonly [string, (proof: any) => unknown][]).map(([name, change]): Case => ({
    name: `an inclusion proof that is ${name}`,
    tamper: (verification) => verification.inclusionProof = change(verification.inclusionProof),
    want: NOT_HELD,
  })),
  {
    name: "an invalid promise",
    tamper: (verification) => verification.signedEntryTimestamp = "?",
    want: /that no log signed/,
  },
  {
    name: "a file that was tampered with",
    signs: (sigstore) => sigstore.sign(kubectlBytes("1.30.2", { seed: 2 })),
    want: /another file's/,
  },
  {
    name: "another identity",
    signs: signs({ identity: "mallory@example.com" }),
    want: /is by "mallory@example\.com" instead of "krel-staging@/,
  },
  {
    name: "an identity that only ends like it",
    signs: signs({ identity: "not-krel-staging@k8s-releng-prod.iam.gserviceaccount.com" }),
    want: /is by "not-krel-staging@/,
  },
  {
    name: "another issuer",
    signs: signs({ issuer: "https://accounts.example.com" }),
    want: /"https:\/\/accounts\.example\.com" vouches for/,
  },
  {
    name: "a certificate that had run out when the log saw it",
    signs: signs({ issuedAt: new Date(Date.now() - HOUR_MS) }),
    want: /outside its certificate's validity/,
  },
  {
    name: "a certificate that was not valid yet when the log saw it",
    signs: signs({ issuedAt: new Date(Date.now() + HOUR_MS) }),
    want: /outside its certificate's validity/,
  },
  {
    name: "another Fulcio's certificate",
    async signs() {
      await using other = await startSigstore();
      return await other.sign(BYTES);
    },
    want: /a certificate of no authority/,
  },
  { name: "no entry in the log", log: "empty", want: /does not hold it/ },
  { name: "an entry about another file", log: "forgetful", want: /about another signature/ },
  {
    name: "an entry that another log signed",
    log: "other-key",
    want: /that no log signed that Sigstore had on today/,
  },
  { name: "a log that is overloaded", log: "broken", want: /cannot be asked: it answered 503/ },
  {
    name: "a page for people instead of the log",
    log: "page",
    want: /cannot be asked: its answer/,
  },
  { name: "a log that cannot be reached", log: "unreachable", want: /cannot be asked: no conn/ },
  {
    name: "a mirror without a signature",
    signs: () => Promise.resolve({}),
    want: /the mirror has none: "http.*kubectl(?:\.exe)?\.sig" answered 404/,
  },
  {
    name: "a mirror without a certificate",
    signs: async (sigstore) => ({ sig: (await sigstore.sign(BYTES)).sig }),
    want: /the mirror has none: "http.*kubectl(?:\.exe)?\.cert" answered 404/,
  },
  {
    name: "a page instead of a signature",
    signs: () => Promise.resolve({ sig: "<html>login</html>", cert: "<html>login</html>" }),
    want: /or the certificate beside it is malformed/,
  },
  {
    name: "a release from before there were signatures",
    version: "1.25.16",
    want: /signs its releases from 1\.26 on/,
  },
];

for (const attack of BAD) {
  Deno.test(`installKubectl() refuses ${attack.name} when signatures are required`, async () => {
    await using stage = await setUp(attack);
    const error = await assertRejects(() => stage.install("require"), KuberlrError);
    assertEquals(error.code, "signature-invalid");
    assertMatch(error.message, attack.want);
    const hint = /Sigstore had on/.test(error.message) ? /newer kuberlr/ : attack.hint ?? /./;
    assertMatch(error.hint ?? "", hint);
    assertEquals([stage.world.kubectls(), stage.world.receipts()], [[], []]);
  });

  // The origin of the reason makes no difference to a warning, so one of each kind is enough.
  if (attack.tamper !== undefined) continue;
  Deno.test(`installKubectl() warns of ${attack.name} when it is to warn`, async () => {
    await using stage = await setUp(attack);
    const { path } = await stage.install("warn");
    assertEquals(Deno.readFileSync(path), attack.bytes ?? BYTES);
    const warnings = stage.world.stderr().split("\n").filter((line) => /warning:/.test(line));
    assertEquals(warnings.length, 1, stage.world.stderr());
    assertMatch(warnings[0]!, attack.want);
    const { layout, host } = stage.world;
    const binary = { path, version: version(stage.version) };
    assertEquals(await recheckSignature(binary, layout, host), { kind: "none" });
  });
}

for (const mode of ["warn", "require"] as const) {
  Deno.test(`installKubectl() keeps a good signature beside the receipt when it is to ${mode}`, async () => {
    await using stage = await setUp({ name: "good", want: /^/ });
    const { path } = await stage.install(mode);
    const { layout, host } = stage.world;
    assertEquals(stage.world.receipts(), ["1.30.2.json", "1.30.2.sigstore.json"]);
    const notes = bundlePath(layout, host.platform, version("1.30.2"));
    assertEquals(host.files.stat(notes)?.mode, 0o600);
    assertEquals(stage.sigstore.questions.length, 1);
    assertEquals(stage.world.stderr().includes("warning"), false);
    // Neither the mirror nor the log is asked again.
    await stage.stop();
    const binary = { path, version: version("1.30.2") };
    const recheck = () =>
      recheckSignature({ ...binary, trust: stage.sigstore.trust }, layout, host);
    assertEquals(await recheck(), { kind: "verified" });

    const kept = Deno.readTextFileSync(notes);
    const [entry] = JSON.parse(kept).verificationMaterial.tlogEntries;
    assert(entry.inclusionProof !== undefined);
    Deno.writeFileSync(path, kubectlBytes("1.30.2", { seed: 3 }));
    assertEquals(await recheck(), { kind: "invalid", reason: "is another file's" });
    Deno.writeFileSync(path, BYTES);
    for (const text of [kept.slice(0, -20), "{}", kept.replace("{", `{"more":1,`), `${kept} `]) {
      Deno.writeTextFileSync(notes, text);
      assertEquals((await recheck()).kind, "invalid", text);
    }
    // Windows does not have these modes.
    if (Deno.build.os === "windows") return;
    Deno.chmodSync(notes, 0o666);
    assertEquals(await recheck(), { kind: "none" });
    Deno.chmodSync(notes, 0o600);
    Deno.chmodSync(layout.receipts, 0o777);
    assertEquals(await recheck(), { kind: "none" });
  });
}

await realKubectlTest(
  "installKubectl() takes a real kubectl that is signed, and not under another number",
  ["1.30.0"],
  async ([{ path }]) => {
    const bytes = Deno.readFileSync(path);
    const real = { name: "real", bytes, signs: (sigstore: Sigstore) => sigstore.sign(bytes) };
    await using stage = await setUp({ ...real, version: "1.30.0", want: /^/ });
    assertEquals(Deno.readFileSync((await stage.install("require")).path), bytes);
    await using other = await setUp({ ...real, version: "1.36.99", want: /^/ });
    const error = await assertRejects(() => other.install("require"), KuberlrError);
    assertStringIncludes(error.message, "it is of kubectl 1.30.0 instead of 1.36.99");
    assertEquals(other.world.kubectls(), []);
  },
);

Deno.test("installKubectl() finds the good entry among others", async () => {
  await using stage = await setUp({ name: "good", log: "crowded", want: /^/ });
  await stage.install("require");
  assertEquals(stage.world.receipts().length, 2);
});

Deno.test("installKubectl() asks a log that fails three times, with a pause", async () => {
  await using stage = await setUp({ name: "broken", log: "broken", want: /^/ });
  await stage.install("warn");
  assertEquals(stage.sigstore.questions.length, 3);
  assertEquals(stage.world.waits, [1_000, 1_000]);
});

for (
  const [quiet, said] of [
    [false, "kuberlr: Waiting for https://mirror.test\nkuberlr: Waiting for https://log.test\n"],
    [true, ""],
  ] as const
) {
  Deno.test(`makeSignatureCheck() says who is waited for longer than two seconds, with quiet = ${quiet}`, async () => {
    await using sigstore = await startSigstore();
    const published = await sigstore.sign(BYTES);
    const terminal = fakeTerminal();
    const clock = fakeClock();
    // Each request takes 1.2 seconds.
    const downloads = fakeDownloads(({ url }, receiver) => {
      void clock.sleep(1_200);
      receiver.begin({ status: 200, offset: 0, size: undefined, validator: undefined });
      const text = url.endsWith(".sig") ? published.sig : published.cert;
      receiver.write(new TextEncoder().encode(text));
      return { kind: "answer", status: 200, retryAfter: undefined };
    });
    const signatures: Signatures = {
      async post() {
        await clock.sleep(1_200);
        return { kind: "failure", message: "no connection could be made" };
      },
    };
    const session = startSession({
      mirror: parseMirror("https://mirror.test")!,
      credentials: undefined,
      stallMs: 20_000,
      budget: startWaitBudget({ limitMs: Infinity, quiet }, { terminal }),
      timedOut: undefined,
    });
    // The download before has named the mirror.
    session.budget.markAnnounced();
    const check = makeSignatureCheck(
      { verifySignature: "warn", color: "never", quiet },
      { ...sigstore.trust, logUrl: "https://log.test" },
      { ...denoHost(localHost()), downloads, signatures, clock, terminal },
    );
    await check({
      bytes: BYTES,
      version: version("1.30.2"),
      platform: LINUX,
      fetched: { source: { binaries: session, checksums: session } } as FetchedKubectl,
    });
    assertEquals(terminal.stderrText.replace(/.*warning: .*\n/, ""), said);
  });
}

Deno.test("installKubectl() asks for no signature when it is switched off", async () => {
  await using stage = await setUp({ name: "good", want: /^/ });
  await stage.install("off");
  assertEquals(stage.sigstore.questions, []);
  assertEquals(stage.paths().filter((path) => /\.(sig|cert)$/.test(path)), []);
  assertEquals(stage.world.receipts(), ["1.30.2.json"]);
});

Deno.test("installKubectl() forgets the signature of what was there before", async () => {
  await using stage = await setUp({ name: "good", want: /^/ });
  const { path } = await stage.install("require");
  Deno.writeFileSync(path, elfBytes(10));
  await stage.install("off");
  assertEquals(stage.world.receipts(), ["1.30.2.json"]);
});

Deno.test("installKubectl() takes signatures from beside the checksums where the mirror has none", async () => {
  await using good = await setUp({ name: "good", want: /^/ });
  await using bare = await startMirror({ kubectls: [{ version: "1.30.2", bytes: BYTES }] });
  const config = { ...mirrorConfig(bare.url), checksumUrl: good.url };
  await installKubectl(wanted("1.30.2"), { ...config, verifySignature: "require" }, {
    trust: good.sigstore.trust,
  }, good.world.host);
  assertEquals(good.world.receipts().length, 2);
});

Deno.test("installKubectl() trusts only Sigstore unless it is told otherwise", async () => {
  await using stage = await setUp({ name: "good", want: /^/ });
  const { host } = stage.world;
  const post = host.signatures.post;
  const limits = new Set<number>();
  const offline = {
    ...host,
    signatures: {
      ...host.signatures,
      post(_: string, body: string, ms: number) {
        limits.add(ms);
        return post(`${stage.sigstore.trust.logUrl}/api/v1/log/entries/retrieve`, body, ms);
      },
    },
  };
  const error = await assertRejects(
    () =>
      installKubectl(
        wanted("1.30.2"),
        { ...mirrorConfig(stage.url), verifySignature: "require" },
        {},
        offline,
      ),
    KuberlrError,
  );
  assertStringIncludes(
    error.message,
    "has a certificate of no authority that Sigstore had on 2026-11-05",
  );
  assertEquals(limits, new Set([20_000]));
});

interface Stage extends AsyncDisposable {
  readonly world: InstallWorld;
  readonly sigstore: Sigstore;
  readonly version: string;
  readonly url: string;
  paths(): readonly string[];
  install(mode: "off" | "warn" | "require"): ReturnType<typeof installKubectl>;
  stop(): Promise<void>;
}

async function setUp(
  {
    log,
    tamper,
    version: release = "1.30.2",
    bytes = BYTES,
    signs = (sigstore) => sigstore.sign(BYTES),
  }: Case,
): Promise<Stage> {
  const world = installWorld();
  const sigstore = await startSigstore({ ...(log && { log }), ...(tamper && { tamper }) });
  const published: Partial<PublishedSignature> = await signs(sigstore);
  const mirror = await startMirror({
    kubectls: [{ version: release, bytes }],
    fault({ path }) {
      const [, suffix] = /\.(sig|cert)$/.exec(path) ?? [];
      const body = published[suffix as keyof PublishedSignature];
      return body === undefined ? undefined : { kind: "answer", status: 200, body };
    },
  });
  let stopped = false;
  const stop = async () => {
    if (stopped) return;
    stopped = true;
    await mirror[Symbol.asyncDispose]();
    await sigstore[Symbol.asyncDispose]();
  };
  return {
    world,
    sigstore,
    version: release,
    url: mirror.url,
    paths: () => mirror.requests.map(({ path }) => path),
    install: (verifySignature) =>
      installKubectl(wanted(release), { ...mirrorConfig(mirror.url), verifySignature }, {
        trust: sigstore.trust,
      }, world.host),
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      world[Symbol.dispose]();
    },
  };
}
