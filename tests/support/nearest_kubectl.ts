/**
 * Finds the real kubectl that fits a real server.
 *
 * @module
 */
import table from "../testdata/npm_kubectls.json" with { type: "json" };

/**
 * Returns the version of the nearest kubectl inside the skew policy. Throws if the table has none.
 */
export function findNearestKubectl(server: string): string {
  const minor = Number(/^v1\.(\d+)/.exec(server)?.[1]);
  const found = table.packages.map(({ kubectl }) => kubectl)
    .map((kubectl) => ({ kubectl, distance: Math.abs(Number(kubectl.split(".")[1]) - minor) }))
    .filter(({ distance }) => distance <= 1)
    .toSorted((one, other) => one.distance - other.distance)[0];
  if (found === undefined) throw new Error(`there is no kubectl for ${server} in the table`);
  return found.kubectl;
}
