/**
 * Starts the work that the first use of TLS in a process needs: AWS-LC gathers entropy for some 25
 * ms, off the main thread. Started early, it runs while modules are loaded and kubeconfigs parsed.
 *
 * @module
 */

/**
 * To be called, and not awaited, as soon as a connection is certain. ECDSA is the only key
 * generator that uses AWS-LC and does not run on the main thread.
 */
export async function warmUpTls(): Promise<void> {
  try {
    await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  } catch {
    // The handshake will fail, too, and report it.
  }
}
