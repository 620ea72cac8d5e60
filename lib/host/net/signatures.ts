/**
 * The Signatures port: one POST to the log of signatures.
 *
 * @module
 */
import type { Env } from "../../ports/host.ts";
import type { PostAnswer, Signatures } from "../../ports/signatures.ts";
import { openDownloadClients } from "./download_client.ts";

/** An answer of the log has some 10 KB. */
const MAX_BYTES = 1024 * 1024;

export function denoSignatures(env: Env): Signatures {
  return { post: (url, body, timeoutMs) => post(url, body, timeoutMs, env) };
}

async function post(
  url: string,
  body: string,
  timeoutMs: number,
  env: Env,
): Promise<PostAnswer> {
  const clients = openDownloadClients(env);
  try {
    const client = await clients.clientFor(url);
    const response = await fetch(url, {
      client,
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await readText(response);
    return text === undefined
      ? { kind: "failure", message: "its answer is too large" }
      : { kind: "answer", status: response.status, body: text };
  } catch (error) {
    const message = error instanceof DOMException && error.name === "TimeoutError"
      ? `nothing came for ${timeoutMs / 1000} seconds`
      : "no connection could be made";
    return { kind: "failure", message };
  } finally {
    clients.close();
  }
}

async function readText({ body }: Response): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const bytes of body ?? []) {
    size += bytes.length;
    if (size > MAX_BYTES) return undefined;
    text += decoder.decode(bytes, { stream: true });
  }
  return text + decoder.decode();
}
