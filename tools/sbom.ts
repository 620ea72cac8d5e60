/**
 * The bill of materials of a release in CycloneDX: the npm packages in the single file, and Deno,
 * which is in the executables as well.
 *
 * ```sh
 * deno run -A tools/sbom.ts v1.2.3 > dist/kuberlr.cdx.json
 * ```
 *
 * @see https://cyclonedx.org/docs/1.6/json/
 * @module
 */
import { buildTime } from "./compile.ts";
import { type Dependency, listDependencies } from "./dependencies.ts";
import { sha256 } from "./digest.ts";

export interface Bill {
  /** `v1.2.3`. */
  readonly tag: string;
  readonly denoVersion: string;
  readonly epochSeconds: number;
  readonly dependencies: readonly Dependency[];
}

/** Returns the same text for the same release: the serial number is a hash of the content. */
export async function renderBill(bill: Bill): Promise<string> {
  const version = bill.tag.replace(/^v/, "");
  const content = {
    metadata: {
      timestamp: new Date(bill.epochSeconds * 1000).toISOString(),
      component: component({ name: "kuberlr", version, license: "Apache-2.0" }, "application"),
    },
    components: [
      component({ name: "deno", version: bill.denoVersion, license: "MIT" }, "platform"),
      ...bill.dependencies.map((each) => component(each, "library")),
    ],
  };
  const document = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${await uuidOf(JSON.stringify(content))}`,
    version: 1,
    ...content,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

type Named = Pick<Dependency, "name" | "version" | "license"> & Partial<Dependency>;

function component({ name, version, license, integrity }: Named, type: string) {
  const purl = type === "library"
    ? `pkg:npm/${name.replace("@", "%40")}@${version}`
    : `pkg:generic/${name}@${version}`;
  return {
    type,
    "bom-ref": purl,
    name,
    version,
    licenses: [{ license: { id: license } }],
    purl,
    ...(integrity !== undefined && { hashes: [{ alg: "SHA-512", content: toHex(integrity) }] }),
  };
}

/** Decodes npm's `sha512-<base64>`. */
function toHex(integrity: string): string {
  return Uint8Array.fromBase64(integrity.replace(/^sha512-/, "")).toHex();
}

/** Returns a UUID of version 8 (RFC 9562), whose bits may be chosen freely: here, a hash. */
async function uuidOf(text: string): Promise<string> {
  const hex = await sha256(text);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

async function main(tag: string): Promise<void> {
  if (!/^v\d/.test(tag)) throw new Error(`Cannot list materials: "${tag}" is not a tag`);
  const bill = await renderBill({
    tag,
    denoVersion: Deno.version.deno,
    epochSeconds: await buildTime(),
    dependencies: await listDependencies(),
  });
  await Deno.stdout.write(new TextEncoder().encode(bill));
}

if (import.meta.main) await main(Deno.args[0] ?? "");
