/**
 * The version skew policy between kubectl and the API server: one minor either side, same major.
 *
 * @see https://kubernetes.io/releases/version-skew-policy/#kubectl
 * @module
 */
import type { Version } from "./version.ts";

/** A minor release, all its patches meant. */
export interface Minor {
  readonly major: number;
  readonly minor: number;
}

/** The oldest and the newest minor that may talk to a server, both included. */
export interface Window {
  readonly oldest: Minor;
  readonly newest: Minor;
}

export function skewWindow(server: Version): Window {
  const { major, minor } = server;
  return {
    oldest: { major, minor: Math.max(0, minor - 1) },
    newest: { major, minor: minor + 1 },
  };
}

export function isInWindow(version: Version, { oldest, newest }: Window): boolean {
  return version.major === oldest.major && version.minor >= oldest.minor &&
    version.minor <= newest.minor;
}
