/**
 * Generates the cases for both: command lines, kubeconfigs, kubercs and variables. Most lead to a
 * server, and few to the same one in the same way. A case is a value: `{main}` and others stand for
 * entries of {@linkcode DifferentialWorld.values}, `{case}` for the case's own folder.
 *
 * @module
 */
import fc from "fast-check";
import { maybe } from "./arbitraries.ts";
import { commandLine } from "./command_lines.ts";
import { placedFiles } from "./kubeconfigs.ts";
import { kubercPlace } from "./preferences.ts";

export interface DifferentialCase {
  /** The version of the kubectl that is asked. */
  readonly kubectl: string;
  /** Texts, by their path below the case's folder. */
  readonly files: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

export function differentialCase(kubectls: readonly string[]): fc.Arbitrary<DifferentialCase> {
  return fc.record({
    kubectl: fc.constantFrom(...kubectls),
    placed: placedFiles,
    variables,
    args: commandLine,
    kuberc: maybe(1, kubercPlace),
  }).map(({ kubectl, placed, variables, args, kuberc }) => {
    // Only kubectls that know kuberc are asked with one, because kuberlr reads it for all of them.
    const preferences = kubectl.startsWith("1.36.") ? kuberc : undefined;
    return {
      kubectl,
      files: { ...placed.files, ...preferences?.files },
      env: { ...variables, ...placed.env, ...preferences?.env },
      args: [...placed.args, ...preferences?.args ?? [], ...args],
    };
  });
}

const variables = fc.record({
  KUBERNETES_MASTER: maybe(
    5,
    fc.constantFrom("http://127.0.0.1:{plain}/master", "127.0.0.1:{plain}"),
  ),
  HTTPS_PROXY: maybe(
    7,
    fc.constantFrom(
      "http://127.0.0.1:{httpProxy}",
      "127.0.0.1:{httpProxy}",
      "http://pu:p%20w@127.0.0.1:{lockedProxy}",
      "http://us@er:p@w@127.0.0.1:{oddProxy}",
      "us@er:p@w@127.0.0.1:{oddProxy}",
      "ftp://127.0.0.1:{httpProxy}",
      "socks5://127.0.0.1:{socksProxy}",
    ),
  ),
  https_proxy: maybe(
    9,
    fc.constantFrom(
      "http://127.0.0.1:{httpProxy}",
      "http://127.0.0.1:9",
      "https://127.0.0.1:{tlsProxy}",
    ),
  ),
  HTTP_PROXY: maybe(
    7,
    fc.constantFrom(
      "http://127.0.0.1:{httpProxy}",
      "127.0.0.1:{httpProxy}",
      "socks5://127.0.0.1:{socksProxy}",
    ),
  ),
  ALL_PROXY: maybe(9, fc.constant("http://127.0.0.1:{httpProxy}")),
  NO_PROXY: maybe(
    5,
    fc.constantFrom(
      "0.0.0.0",
      " 0.0.0.0/8 ,x",
      "*",
      "test",
      ".far.test",
      "0.0.0.0:{main}",
      "0.",
      "",
    ),
  ),
  no_proxy: maybe(9, fc.constantFrom("*", "0.0.0.0")),
  REQUEST_METHOD: maybe(40, fc.constant("GET")),
  // These change nothing, because no service account exists where the tests run.
  KUBERNETES_SERVICE_HOST: maybe(9, fc.constant("127.0.0.1")),
  KUBERNETES_SERVICE_PORT: maybe(5, fc.constant("{open}")),
  EXTRA: maybe(3, fc.constant("outer")),
}).map((record) =>
  Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) => value === undefined ? [] : [[name, value]]),
  )
);
