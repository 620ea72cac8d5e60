/**
 * Writes lib/version/kubernetes_releases.ts from the data on Kubernetes' releases in tools/data.
 *
 * ```sh
 * deno run -A tools/generate_kubernetes_releases.ts
 * ```
 *
 * @module
 */
import { formatSource } from "./format_source.ts";

interface MinorsData {
  readonly asOf: string;
  readonly minors: readonly {
    readonly minor: string;
    readonly first: { readonly version: string; readonly date: string };
    readonly lastKnown: { readonly version: string; readonly date: string };
    readonly maintenanceStart?: string;
    readonly eol: string | null;
  }[];
}

interface ClientGoData {
  readonly oldMajors: readonly {
    readonly clientGo: string;
    readonly kubernetesMinor: string;
    readonly tags: readonly { readonly tag: string }[];
  }[];
  readonly matrix: Readonly<Record<string, Readonly<Record<string, MatrixCell>>>>;
}

interface MatrixCell {
  readonly mark: string;
  readonly asOf: string;
}

const OUTPUT = new URL("../lib/version/kubernetes_releases.ts", import.meta.url);

export async function generateKubernetesReleases(): Promise<string> {
  const minors = await load("kubernetes_minors.json") as MinorsData;
  const clientGo = await load("client_go.json") as ClientGoData;
  const rows = rowsByMinor(clientGo);
  const marks = Object.values(clientGo.matrix).flatMap((row) => Object.values(row));
  const text = `/**
 * Kubernetes' releases, and the Go modules of each. Written by
 * tools/generate_kubernetes_releases.ts from tools/data: edit those.
 *
 * @module
 */

export interface MinorDates {
  readonly first: string;
  readonly released: string;
  /** The newest patch known on {@linkcode KNOWN_ON}. */
  readonly last: string;
  readonly maintenance: string | undefined;
  /** The last day of support; \`undefined\` for old minors, which had no such day. */
  readonly endOfLife: string | undefined;
}

/** The day on which this was known. */
export const KNOWN_ON = ${JSON.stringify(minors.asOf)};

/** The date of the newest README of client-go with a compatibility table. */
export const CLIENT_GO_TABLE_OF = ${JSON.stringify(newest(marks.map(({ asOf }) => asOf)))};

/** The fields of {@linkcode MinorDates} in their order, by minor. */
const MINORS: Readonly<Record<string, string>> = {
${
    minors.minors.map(({ minor, first, lastKnown, maintenanceStart, eol }) => {
      const dates = [first.version, first.date, lastKnown.version, maintenanceStart, eol];
      return `  ${JSON.stringify(minor)}: ${
        JSON.stringify(dates.map((date) => date ?? "").join(" "))
      },`;
    }).join("\n")
  }
};

/** The tags of client-go's own majors, by their Kubernetes minor. */
export const CLIENT_GO_MAJORS: Readonly<Record<string, string>> = ${
    JSON.stringify(majors(clientGo))
  };

/** The rows of the compatibility table, by the client's Kubernetes minor: minor, mark. */
export const CLIENT_GO_ROWS: Readonly<Record<string, string>> = {
${
    Object.entries(rows).map(([minor, row]) =>
      `  ${JSON.stringify(minor)}: ${JSON.stringify(row)},`
    )
      .join("\n")
  }
};

/** Returns the newest known minors, the newest first, for example \`1.36\`. */
export function newestMinors(count: number): readonly string[] {
  return Object.keys(MINORS).slice(-count).toReversed();
}

/** Returns the dates of a minor; \`undefined\` for an unknown one. @param minor \`1.36\` */
export function findMinor(minor: string): MinorDates | undefined {
  const dates = MINORS[minor];
  if (dates === undefined) return undefined;
  const [first = "", released = "", last = "", maintenance, endOfLife] = dates.split(" ");
  return {
    first,
    released,
    last,
    maintenance: maintenance || undefined,
    endOfLife: endOfLife || undefined,
  };
}
`;
  return await formatSource(text, "ts");
}

async function load(name: string): Promise<unknown> {
  return JSON.parse(await Deno.readTextFile(new URL(`data/${name}`, import.meta.url)));
}

function newest(dates: readonly string[]): string {
  return dates.toSorted().at(-1) ?? "";
}

function majors({ oldMajors }: ClientGoData): Record<string, string> {
  const tagged = oldMajors.filter(({ clientGo, tags }) => clientGo !== "1.5" && tags.length > 0);
  return Object.fromEntries(
    tagged.map(({ kubernetesMinor, tags }) => [kubernetesMinor, tags.at(-1)?.tag ?? ""]),
  );
}

/** Returns the rows by minor. A row's name is client-go's own major, or a release of the minor. */
function rowsByMinor({ matrix, oldMajors }: ClientGoData): Record<string, string> {
  const rows: Record<string, string> = {};
  for (const [client, row] of Object.entries(matrix)) {
    if (client === "1.5") continue; // It was tagged before Kubernetes 1.5, and fits no release.
    const old = oldMajors.find(({ clientGo }) => clientGo === client)?.kubernetesMinor;
    const minor = old ?? /^kubernetes-(\d+\.\d+)/.exec(client)?.[1];
    if (minor === undefined) throw new Error(`Cannot tell the minor of client-go ${client}`);
    rows[minor] = Object.entries(row).map(([server, { mark }]) => `${server} ${mark}`).join(", ");
  }
  return rows;
}

if (import.meta.main) await Deno.writeTextFile(OUTPUT, await generateKubernetesReleases());
