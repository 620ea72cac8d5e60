/**
 * Downloads the packages that the demo and the tests need, before they start. If Deno does not
 * trust the registry's certificate, it prints how to change that: npm trusts the system's
 * certificates, Deno by default only Mozilla's.
 *
 * This file has no imports, because it runs when packages are missing.
 *
 * @module
 */

const child = new Deno.Command(Deno.execPath(), {
  args: ["install", "--quiet", "--frozen"],
  cwd: new URL("..", import.meta.url),
  stdin: "null",
  stdout: "inherit",
  stderr: "piped",
}).spawn();
let said = "";
for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
  said += text;
  write(text);
}
const { code } = await child.status;
const distrusts = /UnknownIssuer|invalid peer certificate|CaUsedAsEndEntity/.test(said);
if (code !== 0 && distrusts && Deno.env.get("DENO_TLS_CA_STORE") === undefined) {
  write(`
Deno does not trust the certificate of the npm registry, which npm does. Let it use the
system's certificates, too, and run the same command again:

  export DENO_TLS_CA_STORE=mozilla,system
`);
}
Deno.exit(code);

function write(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += Deno.stderr.writeSync(bytes.subarray(at));
}
