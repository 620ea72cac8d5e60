/**
 * The header of an rpm: tags with their values, as an index and a store.
 *
 * @see https://rpm-software-management.github.io/rpm/manual/format_header.html
 * @module
 */

export type TagValue =
  | { readonly kind: "string" | "i18n"; readonly value: string }
  | { readonly kind: "strings"; readonly value: readonly string[] }
  | { readonly kind: "int16" | "int32"; readonly value: readonly number[] }
  | { readonly kind: "bytes"; readonly value: Uint8Array };

/** The values by tag. */
export type Tags = ReadonlyMap<number, TagValue>;

const TYPE = { int16: 3, int32: 4, string: 6, bytes: 7, strings: 8, i18n: 9 } as const;
const SIZE = { int16: 2, int32: 4 } as const;
const INDEX_ENTRY = 16;

/** @param region the tag that covers all the others: 62 of signatures, 63 of the package */
export function encodeHeader(tags: Tags, region: number): Uint8Array<ArrayBuffer> {
  const index: number[][] = [];
  const store: number[] = [];
  for (const [tag, value] of [...tags].toSorted(([a], [b]) => a - b)) {
    if (value.kind === "int16" || value.kind === "int32") {
      while (store.length % SIZE[value.kind] !== 0) store.push(0);
    }
    index.push([tag, TYPE[value.kind], store.length, countOf(value)]);
    store.push(...bytesOf(value));
  }
  const count = index.length + 1;
  // The trailer of the region holds the negative size of the index.
  const trailer = entry([region, TYPE.bytes, -count * INDEX_ENTRY, INDEX_ENTRY]);
  const first = entry([region, TYPE.bytes, store.length, INDEX_ENTRY]);
  return Uint8Array.from([
    ...[0x8e, 0xad, 0xe8, 0x01, 0, 0, 0, 0],
    ...int32(count),
    ...int32(store.length + trailer.length),
    ...first,
    ...index.flatMap(entry),
    ...store,
    ...trailer,
  ]);
}

function countOf(value: TagValue): number {
  return value.kind === "string" || value.kind === "i18n" ? 1 : value.value.length;
}

function bytesOf(value: TagValue): readonly number[] {
  switch (value.kind) {
    case "string":
    case "i18n":
      return cString(value.value);
    case "strings":
      return value.value.flatMap(cString);
    case "int16":
      return value.value.flatMap((each) => int32(each).slice(2));
    case "int32":
      return value.value.flatMap(int32);
    case "bytes":
      return [...value.value];
  }
}

function cString(text: string): number[] {
  return [...new TextEncoder().encode(text), 0];
}

function entry(fields: readonly number[]): number[] {
  return fields.flatMap(int32);
}

function int32(value: number): number[] {
  return [24, 16, 8, 0].map((shift) => (value >> shift) & 0xff);
}
