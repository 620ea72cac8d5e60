/**
 * The version skew policy for kubectl and the API server: one minor older or newer, of the same
 * major.
 *
 * @see https://kubernetes.io/releases/version-skew-policy/#kubectl
 * @module
 */
import type { Version } from "./version.ts";

/** A minor release with all its patches. */
export interface Minor {
  readonly major: number;
  readonly minor: number;
}

/** The oldest and the newest minor that may talk to a server, both included. */
export interface Window {
  readonly oldest: Minor;
  readonly newest: Minor;
}

/** The minors in the window as distances from the server's minor, the preferred one first. */
export const SKEW_DISTANCES = [0, 1, -1] as const;

export type SkewDistance = typeof SKEW_DISTANCES[number];

export function skewWindow(server: Version): Window {
  const { major, minor } = server;
  return {
    oldest: { major, minor: Math.max(0, minor + Math.min(...SKEW_DISTANCES)) },
    newest: { major, minor: minor + Math.max(...SKEW_DISTANCES) },
  };
}

export function isInWindow(version: Version, { oldest, newest }: Window): boolean {
  return version.major === oldest.major && version.minor >= oldest.minor &&
    version.minor <= newest.minor;
}
