/**
 * Generates kubeconfigs and the places where kubectl looks for them.
 *
 * @module
 */
import fc from "fast-check";
import { blockYaml, json, type Placed, weighted } from "./arbitraries.ts";
import { cluster } from "./clusters.ts";
import { user } from "./users.ts";
import { FOLDERS } from "./world.ts";

const NAMES = ["a", "b", "c"] as const;
const name = fc.constantFrom(...NAMES);
const reference = weighted<string | undefined>(
  ...NAMES.map((name) => [6, name] as const),
  [1, "nobody"],
  [1, ""],
  [1, undefined],
);

const namespace = weighted<string | undefined>([4, undefined], [2, "b"], [1, "--context=b"], [
  1,
  "",
]);

const entries = <T>(count: number, entry: fc.Arbitrary<T>) =>
  fc.uniqueArray(fc.tuple(name, entry), {
    minLength: count,
    maxLength: 3,
    // A name that repeats within one file is an error; the vectors cover it.
    selector: ([name]) => name,
  }).map((pairs) => pairs);

const kubeconfig = fc.record({
  current: weighted<string | undefined>([8, "a"], [4, "b"], [2, "c"], [1, "gone"], [2, ""], [
    1,
    undefined,
  ]),
  clusters: entries(1, cluster),
  users: entries(1, user),
  contexts: entries(2, fc.record({ cluster: reference, user: reference, namespace })),
}).map(({ current, clusters, users, contexts }) =>
  json({
    apiVersion: "v1",
    kind: "Config",
    "current-context": current,
    clusters: clusters.map(([name, cluster]) => ({ name, cluster })),
    users: users.map(([name, user]) => ({ name, user })),
    contexts: contexts.map(([name, context]) => ({ name, context })),
  })
);
const UNUSED = '{"name":"unused","cluster":{"certificate-authority-data":';
const TAGGERS: readonly ((text: string) => string)[] = [
  (text) => text.replace(/"clusters": ?\[/, `$&${UNUSED}!!binary "VEZNdExTMHRRa1ZIU1U0PQ=="}},`),
  (text) => text.replace(/"clusters": ?\[/, `$&${UNUSED}!vault "QQ=="}},`),
  (text) => text.replace(/"clusters": ?\[/, `$&{"name":!x 12,"cluster":!!set {}},`),
  (text) => text.replaceAll(/"server": ?/g, "$&!!python/unicode "),
  (text) => text.replaceAll(/"(?:token|username|command)": ?/g, "$&!mine "),
  (text) => text.replaceAll(/"(?:cluster|user|exec)": ?(?=\{)/g, "$&!map "),
  (text) => text.replaceAll(/"certificate-authority-data": ?/g, "$&!!str "),
  (text) => text.replaceAll(/"certificate-authority-data": ?/g, "$&!!binary "),
  (text) => text.replaceAll(/("certificate-authority-data": ?)"\{ca\}"/g, '$1!!binary "{caTwice}"'),
  (text) => text.replaceAll(/"(?:name|namespace)": ?/g, "$&!!python/unicode "),
  (text) => text.replaceAll(/"current-context": ?/g, "$&!!timestamp "),
  (text) => text.replaceAll(/"insecure-skip-tls-verify": ?/g, "$&!!bool "),
  (text) => text.replaceAll(/"(?:args|contexts|users)": ?/g, "$&!!seq "),
];
/** Writes a file in a spelling that YAML allows, or as plain JSON. */
const SPELLINGS: readonly ((text: string) => string)[] = [
  (text) => blockYaml(JSON.parse(text)),
  (text) => `\ufeff${text}`,
  (text) => `%YAML 1.1\n---\n${text}\n---\nbad: [`,
  (text) => `# comment\r\n${text.replaceAll("\n", "\r\n")}\r\n...\r\nbad: [`,
  // If a key repeats, the last one counts.
  (text) => text.replace(/"current-context":/, '"current-context": "gone",$&'),
  (text) => text.replace(/("clusters": ?)\[/, '"x": &c {"server": "https://127.0.0.1:{open}"},$1['),
  (text) =>
    text.replaceAll(/"server": ?"/g, '"<<": {"server": "http://127.0.0.1:9"}, $&')
      .replace(/"<<"/, "<<"),
];

/** Each context is complete, so that most cases reach a server. */
const wholeKubeconfig = fc.record({
  current: weighted([6, "a"], [2, "b"]),
  clusters: fc.array(cluster, { minLength: 3, maxLength: 3 }),
  users: fc.array(user, { minLength: 3, maxLength: 3 }),
  namespace,
}).map(({ current, clusters, users, namespace }) =>
  json({
    apiVersion: "v1",
    kind: "Config",
    "current-context": current,
    clusters: clusters.map((cluster, index) => ({ name: NAMES[index], cluster })),
    users: users.map((user, index) => ({ name: NAMES[index], user })),
    contexts: NAMES.map((name) => ({ name, context: { cluster: name, user: name, namespace } })),
  })
);
/** YAML tags are in entries that are used and in others. */
const taggedKubeconfig = fc.tuple(wholeKubeconfig, fc.constantFrom(...TAGGERS))
  .map(([text, tag]) => tag(text));
const spelledKubeconfig = fc.tuple(wholeKubeconfig, fc.constantFrom(...SPELLINGS))
  .map(([text, spell]) => spell(text));
const anyKubeconfig = fc.oneof(
  { weight: 8, arbitrary: wholeKubeconfig },
  { weight: 1, arbitrary: spelledKubeconfig },
  { weight: 1, arbitrary: taggedKubeconfig },
  { weight: 2, arbitrary: kubeconfig },
  { weight: 1, arbitrary: fc.constant("") },
);

const [HOME, WORK, CONF, ELSEWHERE] = FOLDERS;

/**
 * The files are at home, in KUBECONFIG, or behind the flag. The places that do not count hold
 * something, too.
 */
export const placedFiles: fc.Arbitrary<Placed> = fc.record({
  texts: fc.tuple(
    fc.oneof(
      { weight: 18, arbitrary: wholeKubeconfig },
      { weight: 2, arbitrary: taggedKubeconfig },
      { weight: 1, arbitrary: spelledKubeconfig },
    ),
    anyKubeconfig,
    anyKubeconfig,
  ),
  place: weighted(
    [8, "home"],
    [10, "list"],
    [5, "flag"],
    [1, "legacy"],
    [1, "none"],
  ),
  list: fc.shuffledSubarray(
    [
      "conf/one",
      "{case}/elsewhere/two",
      "./three",
      "missing",
      "../elsewhere/../elsewhere/two",
      "",
      "~/.kube/config",
    ],
    { minLength: 1 },
  ),
  spelling: fc.constantFrom("one", "equals", "underscore"),
  flag: weighted(
    [14, "conf/one"],
    [8, "{case}/elsewhere/two"],
    [4, "three"],
    [1, "missing"],
    [1, "conf/one:three"],
  ),
}).map(({ texts: [first, second, third], place, list, spelling, flag }) => {
  const files = {
    [`${CONF}/one`]: first,
    [`${ELSEWHERE}/two`]: second,
    [`${WORK}/three`]: third,
  };
  switch (place) {
    case "home":
      return { files: { [`${HOME}/config`]: first }, env: {}, args: [] };
    case "legacy":
      return { files: { [`${HOME}/.kubeconfig`]: first }, env: {}, args: [] };
    case "none":
      return { files: {}, env: {}, args: [] };
    case "list":
      return {
        files: { ...files, [`${HOME}/config`]: second },
        env: { KUBECONFIG: list.join(":") },
        args: [],
      };
    default:
      return {
        files: { ...files, [`${HOME}/config`]: second },
        env: { KUBECONFIG: "three" },
        args: spelling === "one" ? ["--kubeconfig", flag] : [`--kubeconfig=${flag}`],
      };
  }
});
