/**
 * The first use of TLS in a process costs some 25 ms of one core: AWS-LC gathers entropy, once, off
 * the main thread. Started early it runs beside the loading of modules and the parsing of
 * kubeconfigs.
 *
 * @module
 */

/**
 * To be called, and not awaited, as soon as a connection is certain. Of the key generators only
 * ECDSA does both: use AWS-LC, and leave the main thread.
 */
export async function warmUpTls(): Promise<void> {
  try {
    await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  } catch {
    // The handshake will say so if cryptography is broken.
  }
}
