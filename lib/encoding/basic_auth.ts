/**
 * Basic authentication, for servers, proxies and mirrors alike.
 *
 * Source: RFC 7617, with UTF-8.
 *
 * @module
 */
import { encodeBase64 } from "./utf8.ts";

/** Returns the value of an `Authorization` or `Proxy-Authorization` header. */
export function basicAuthorization(user: string, password: string): string {
  return `Basic ${encodeBase64(`${user}:${password}`)}`;
}
