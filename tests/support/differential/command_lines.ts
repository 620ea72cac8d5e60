/**
 * Generates commands with global flags in every spelling and position; some swallow a value.
 *
 * @module
 */
import fc from "fast-check";
import { weighted } from "./arbitraries.ts";
import { server } from "./clusters.ts";

/** The words before `--`, and the words after it if there are any. */
const COMMANDS: readonly (readonly string[])[] = [
  ["version"],
  ["version"],
  ["version", "-o", "json"],
  ["get", "pods"],
  ["get", "ns", "-o=name"],
  ["get", "pods", "-l", "--context=b"],
  ["get", "-Al", "app=x", "pods"],
  ["api-versions"],
  ["api-resources"],
  ["cluster-info"],
  ["auth", "can-i", "get", "pods"],
  ["delete", "pod", "x", "--cascade", "orphan"],
  ["describe", "pod", "x"],
  ["logs", "-p", "x"],
  ["exec", "-it", "x", "--", "sh", "--context", "b", "-s", "http://127.0.0.1:9"],
  ["run", "x", "--image", "--context=b"],
  ["create", "clusterrolebinding", "x", "--clusterrole=y", "--user", "b"],
  ["create", "rolebinding", "x", "--role=y", "--user=nobody"],
  ["create", "role", "x", "--verb=get", "--resource=pods", "--dry-run=client"],
  ["scale", "deployment/x", "--replicas=1"],
  ["rollout", "status", "deployment/x"],
  ["top", "pods"],
  ["explain", "pods"],
  ["label", "pod", "x", "--dry-run", "client", "a=b"],
  ["patch", "pod", "x", "-p", "--context=b"],
  ["cp", "x:/a", "b"],
  ["annotate", "pod", "x", "a=-s=b"],
  ["auth", "whoami"],
  ["events"],
  ["taint", "nodes", "x", "a=b:NoSchedule"],
  ["cordon", "x"],
  ["create", "token", "x"],
  ["set", "image", "deployment/x", "a=b"],
  ["expose", "deployment", "x", "--port=1", "--dry-run=client"],
  ["certificate", "approve", "x"],
  ["port-forward", "pod/x", "1:2"],
  ["rollout", "undo", "deployment/x"],
  ["__complete", "get", "po"],
];
const LOCAL_COMMANDS: readonly (readonly string[])[] = [
  [],
  ["version", "--client"],
  ["version", "--client=true", "-o", "yaml"],
  ["config", "view"],
  ["config", "current-context"],
  ["config", "set-context", "x", "--cluster", "b", "--user=c"],
  ["completion", "bash"],
  ["options"],
  ["help", "get"],
  ["get", "pods", "--help"],
  ["plugin", "list"],
  ["create", "configmap", "x", "--from-literal=a=b", "--dry-run=client", "-o", "yaml"],
  ["create", "deployment", "x", "--image", "y", "--dry-run=client", "-oyaml"],
  ["create", "secret"],
  ["rollout"],
  ["no-such-command"],
  ["--", "get", "pods"],
];

const command = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom(...COMMANDS) },
  { weight: 1, arbitrary: fc.constantFrom(...LOCAL_COMMANDS) },
);

const flag: fc.Arbitrary<readonly (readonly [name: string, value: string])[]> = fc.oneof(
  {
    weight: 6,
    arbitrary: weighted([4, "a"], [6, "b"], [4, "c"], [1, "gone"], [1, ""]).map((
      value,
    ) => [["context", value] as const]),
  },
  {
    weight: 2,
    arbitrary: weighted([2, "a"], [3, "b"], [2, "c"], [1, ""]).map((
      value,
    ) => [["cluster", value] as const]),
  },
  {
    weight: 2,
    arbitrary: weighted([2, "a"], [3, "b"], [2, "c"], [1, ""]).map((
      value,
    ) => [["user", value] as const]),
  },
  { weight: 3, arbitrary: server.map((value) => [["server", value] as const]) },
  {
    weight: 2,
    arbitrary: fc.constantFrom("flag-token", "").map((value) => [["token", value] as const]),
  },
  { weight: 1, arbitrary: fc.constant([["username", "fu"], ["password", "fp"]] as const) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      [["client-certificate", "{pki}/work/alice.crt"], ["client-key", "pki/alice.key"]] as const,
      [["client-certificate", "pki/bob.pem"], ["client-key", "pki/bob.pem"]] as const,
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom("pki/ca.crt", "{pki}/work/both-ca.crt", "pki/missing", "pki/token")
      .map((value) => [["certificate-authority", value] as const]),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom("main.test", "wrong.test", "").map((
      value,
    ) => [["tls-server-name", value] as const]),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom("true", "1", "false", "F").map((
      value,
    ) => [["insecure-skip-tls-verify", value] as const]),
  },
  { weight: 1, arbitrary: fc.constantFrom("me", "").map((value) => [["as", value] as const]) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("7s", "0", "9").map((
      value,
    ) => [["request-timeout", value] as const]),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("b", "--context=b", "--").map((
      value,
    ) => [["namespace", value] as const]),
  },
  { weight: 1, arbitrary: fc.constant([["disable-compression", "true"]] as const) },
  { weight: 1, arbitrary: fc.constant([["username", "fu"]] as const) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      [["as", "me"], ["as-group", "g,h"], ["as-group", "i"]] as const,
      [["as", "me"], ["as-uid", "7"]] as const,
      [["as", "me"], ["as-user-extra", "a=b"]] as const,
      [["as-group", "g"]] as const,
      [["cache-dir", "{case}/cache"]] as const,
      [["match-server-version", "true"]] as const,
    ),
  },
);

const spelled = fc.record({
  flag,
  spelling: fc.nat(5),
}).map(({ flag, spelling }) => flag.flatMap(([name, value]) => spell(name, value, spelling)));

const SWITCHES: ReadonlySet<string> = new Set([
  "insecure-skip-tls-verify",
  "disable-compression",
  "match-server-version",
]);

function spell(name: string, value: string, spelling: number): readonly string[] {
  const long = spelling % 3 === 2 ? name.replaceAll("-", "_") : name;
  if (SWITCHES.has(name)) {
    return value === "true" && spelling < 3 ? [`--${long}`] : [`--${long}=${value}`];
  }
  const letter = { server: "s", namespace: "n" }[name];
  if (letter !== undefined && spelling >= 2) {
    if (spelling === 2 || value === "") return [`-${letter}`, value];
    return [spelling === 3 ? `-${letter}=${value}` : `-${letter}${value}`];
  }
  return spelling % 2 === 0 ? [`--${long}`, value] : [`--${long}=${value}`];
}

/** The flags are before, behind and, now and then, among the command's own words. */
export const commandLine = fc.record({
  command,
  flags: fc.array(fc.record({ words: spelled, at: fc.nat(99) }), { maxLength: 3 }),
}).map(({ command, flags }) => {
  const end = command.indexOf("--");
  const words = [...end < 0 ? command : command.slice(0, end)];
  for (const { words: added, at } of flags) {
    const index = at < 35 ? 0 : at < 90 ? words.length : at % (words.length + 1);
    words.splice(index, 0, ...added);
  }
  return [...words, ...end < 0 ? [] : command.slice(end)];
});
