/**
 * Sigstore's library in every form in which kuberlr runs: it checks again a signature that was kept
 * beside a receipt. The signature is a real one of another file, so the library reports only that
 * after it has accepted everything else.
 */
import { assertEquals } from "@std/assert";
import { story } from "../support/sandbox.ts";

const KEPT = Deno.readTextFileSync(
  new URL("../testdata/conformance.sigstore.json", import.meta.url),
);

story("the kept signature of another file is found by doctor and bins", async (box) => {
  const path = box.fakeKubectl("1.30.5");
  const [, platform = ""] = /([^\\/]+)[\\/]kubectl1/.exec(path) ?? [];
  const receipts = `${box.home}/.kuberlr/cache/receipts/${platform}`;
  Deno.mkdirSync(receipts, { recursive: true, mode: 0o700 });
  Deno.writeTextFileSync(`${receipts}/1.30.5.sigstore.json`, KEPT, { mode: 0o600 });

  const bins = await box.run("kuberlr", ["bins", "-o", "json"]);
  assertEquals(bins.stderr, "");
  assertEquals(JSON.parse(bins.stdout)[0].signature, "invalid");

  const doctor = await box.run("kuberlr", ["doctor", "-o", "json"]);
  const findings: readonly { finding: string }[] = JSON.parse(doctor.stdout);
  assertEquals(
    findings.map(({ finding }) => finding).filter((text) => text.includes("signature")),
    [
      `"${path}" was signed when it was installed, but now its signature is another file's`,
    ],
  );
});
