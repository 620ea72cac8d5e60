/**
 * User and password, as in the userinfo of a URL: for servers, proxies and mirrors.
 *
 * Source: RFC 3986, section 3.2.1; RFC 7617, with UTF-8.
 *
 * @module
 */
import { encodeBase64 } from "./utf8.ts";

export interface Userinfo {
  readonly username: string;
  /** `""` if there is none. */
  readonly password: string;
}

/** Splits userinfo at the first colon and percent-decodes both parts. */
export function parseUserinfo(text: string): Userinfo {
  const [username = "", ...password] = text.split(":");
  return { username: decodePercent(username), password: decodePercent(password.join(":")) };
}

/** Percent-decodes a text. Returns one with a malformed escape as it is. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Returns the value of an `Authorization` or `Proxy-Authorization` header. */
export function basicAuthorization({ username, password }: Userinfo): string {
  return `Basic ${encodeBase64(`${username}:${password}`)}`;
}
