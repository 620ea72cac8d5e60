/**
 * Reads `~/.netrc`: user and password by host, for mirrors that ask for them.
 *
 * The file is read as curl and Go's `cmd/go` read it. `default` is ignored, as in Go: it would send
 * a password to every host, dl.k8s.io included.
 *
 * @see https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html
 * @module
 */
import type { Userinfo } from "../encoding/userinfo.ts";

/**
 * Returns the first entry for a host that has a login or a password. Letter case does not count in
 * host names.
 */
export function findNetrcCredentials(text: string, host: string): Userinfo | undefined {
  const tokens = tokenize(text);
  let isOurs = false;
  let username: string | undefined;
  let password: string | undefined;
  for (let i = 0; i < tokens.length; i++) {
    const next = tokens[i + 1];
    switch (tokens[i]) {
      case "machine":
      case "default":
        if (username !== undefined || password !== undefined) {
          return credentials(username, password);
        }
        isOurs = tokens[i] === "machine" && next?.toLowerCase() === host.toLowerCase();
        if (tokens[i] === "machine") i++;
        break;
      case "login":
        if (isOurs) username = next;
        i++;
        break;
      case "password":
        if (isOurs) password = next;
        i++;
        break;
      case "account":
        i++;
        break;
    }
  }
  return username === undefined && password === undefined
    ? undefined
    : credentials(username, password);
}

function credentials(username: string | undefined, password: string | undefined): Userinfo {
  return { username: username ?? "", password: password ?? "" };
}

/**
 * Returns words and "quoted words". Comments are left out, and macros, which end at an empty line.
 */
function tokenize(text: string): readonly string[] {
  const tokens: string[] = [];
  let inMacro = false;
  for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    if (inMacro) {
      inMacro = line.trim() !== "";
      continue;
    }
    for (const [word, quoted] of line.matchAll(/"((?:[^"\\]|\\.)*)"|\S+/g)) {
      if (word === "macdef") {
        inMacro = true;
        break;
      }
      // A `#` in the place of a keyword begins a comment; in a password it is a character.
      if (word.startsWith("#") && !VALUE_FOLLOWS.has(tokens.at(-1) ?? "")) break;
      tokens.push(quoted === undefined ? word : quoted.replaceAll(/\\(.)/g, "$1"));
    }
  }
  return tokens;
}

const VALUE_FOLLOWS: ReadonlySet<string> = new Set(["machine", "login", "password", "account"]);
