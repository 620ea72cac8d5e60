/**
 * A web server on loopback with the files that people download, under their names in any folder. It
 * serves them as GitHub serves a release's files: after a redirect, under another name, without a
 * content type of their own.
 *
 * @module
 */

export interface ReleaseSite extends AsyncDisposable {
  readonly url: string;
  /** The names that were requested. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

const ASSETS = "/assets/";

export function serveRelease(files: Readonly<Record<string, Uint8Array>>): ReleaseSite {
  const requests: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    const name = pathname.replace(/^.*\//, "");
    const asset = pathname.startsWith(ASSETS) ? Object.values(files)[Number(name)] : undefined;
    if (asset !== undefined) {
      const headers = { "content-type": "application/octet-stream" };
      return new Response(new Uint8Array(asset), { headers });
    }
    requests.push(name);
    const index = Object.keys(files).indexOf(name);
    if (index === -1) return new Response("no such file", { status: 404 });
    const headers = { location: `${ASSETS}${index}?signature=x` };
    return new Response(null, { status: 302, headers });
  });
  let isStopped = false;
  const stop = async () => {
    if (!isStopped) await server.shutdown();
    isStopped = true;
  };
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    requests,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
