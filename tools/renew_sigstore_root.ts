/**
 * Writes a new lib/signature/trusted_root.json from the file of that name in Sigstore's TUF
 * repository. The npm package `@sigstore/tuf` has it in its `seeds.json`; Sigstore's clients cache
 * it as `trusted_root.json`.
 *
 * ```sh
 * npm pack @sigstore/tuf && tar -xzf sigstore-tuf-*.tgz package/seeds.json
 * deno run -A tools/renew_sigstore_root.ts package/seeds.json 2026-11-05
 * ```
 *
 * @module
 */
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { isObject, type JsonObject, objectOf } from "../lib/encoding/json.ts";

const OUTPUT = new URL("../lib/signature/trusted_root.json", import.meta.url);
const DATED = new URL("../lib/signature/sigstore_root.ts", import.meta.url);

/** A newer root must keep the entries of these lists, because older keys signed older kubectls. */
const LISTS = ["tlogs", "ctlogs", "certificateAuthorities"] as const;

/** Returns the root in the text of a file. @throws {Error} the text has none */
export function readRoot(text: string): JsonObject {
  const value = objectOf(JSON.parse(text));
  const [repository] = Object.values(value);
  const seed = objectOf(objectOf(repository)["targets"])["trusted_root.json"];
  const root: unknown = typeof seed === "string" ? JSON.parse(atob(seed)) : value;
  if (!isObject(root) || TrustedRoot.fromJSON(root).certificateAuthorities.length === 0) {
    throw new Error("Cannot renew: the file holds no trusted root");
  }
  return root;
}

/** Returns the keys of the old root that the new one lacks, in base64. */
export function findLostKeys(old: JsonObject, renewed: JsonObject): readonly string[] {
  const text = JSON.stringify(renewed);
  const keys = LISTS.flatMap((list) =>
    Array.from(JSON.stringify(old[list]).matchAll(/"rawBytes":"([^"]+)"/g), ([, key = ""]) => key)
  );
  return keys.filter((key) => !text.includes(key));
}

if (import.meta.main) {
  const [path = "", date = ""] = Deno.args;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw new Error("Name the file, and the day it is of");
  const renewed = readRoot(await Deno.readTextFile(path));
  const lost = findLostKeys(JSON.parse(await Deno.readTextFile(OUTPUT)), renewed);
  if (lost.length > 0) throw new Error(`Cannot renew: these keys are gone: ${lost.join(", ")}`);
  await Deno.writeTextFile(OUTPUT, `${JSON.stringify(renewed, undefined, 2)}\n`);
  const source = await Deno.readTextFile(DATED);
  await Deno.writeTextFile(DATED, source.replace(/date: "[\d-]+"/, `date: "${date}"`));
}
