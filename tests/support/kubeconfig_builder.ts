/**
 * Builds kubeconfig files in few words: each context has a cluster and a user of the same name.
 *
 * ```ts
 * kubeconfig()
 *   .context("prod", { server: api.url, ca: authority.certificate }, { token: "t" })
 *   .text()
 * ```
 *
 * @module
 */

/** The keys of kubeconfig, and shorter names for PEM texts. */
export interface ClusterEntry {
  readonly server: string;
  /** A PEM text, which becomes `certificate-authority-data`. */
  readonly ca?: string;
  readonly [key: string]: unknown;
}

export interface UserEntry {
  /** PEM texts, which become `client-certificate-data` and `client-key-data`. */
  readonly identity?: { readonly certificate: string; readonly key: string };
  readonly [key: string]: unknown;
}

export interface KubeconfigBuilder {
  /** The first context is the current one unless {@linkcode current} says otherwise. */
  context(name: string, cluster: ClusterEntry, user?: UserEntry): KubeconfigBuilder;
  current(name: string): KubeconfigBuilder;
  /** Returns YAML in block style, as kubectl writes it. */
  text(): string;
}

export function kubeconfig(): KubeconfigBuilder {
  const clusters: unknown[] = [], users: unknown[] = [], contexts: unknown[] = [];
  let currentContext: string | undefined;
  const builder: KubeconfigBuilder = {
    context(name, { ca, ...cluster }, { identity, ...user } = {}) {
      clusters.push({
        name,
        cluster: { ...cluster, "certificate-authority-data": ca && base64(ca) },
      });
      users.push({
        name,
        user: {
          ...user,
          "client-certificate-data": identity && base64(identity.certificate),
          "client-key-data": identity && base64(identity.key),
        },
      });
      contexts.push({ name, context: { cluster: name, user: name } });
      currentContext ??= name;
      return builder;
    },
    current(name) {
      currentContext = name;
      return builder;
    },
    text: () =>
      formatYaml({
        apiVersion: "v1",
        kind: "Config",
        preferences: {},
        "current-context": currentContext,
        clusters,
        users,
        contexts,
      }),
  };
  return builder;
}

function base64(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}

function formatYaml(value: Readonly<Record<string, unknown>>, indent = ""): string {
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${indent}${key}:${formatMember(member, indent)}`)
    .join("");
}

function formatMember(value: unknown, indent: string): string {
  if (Array.isArray(value) && value.length > 0) {
    return `\n${value.map((item) => formatItem(item, indent)).join("")}`;
  }
  if (isMapping(value) && Object.values(value).some((member) => member !== undefined)) {
    return `\n${formatYaml(value, `${indent}  `)}`;
  }
  return ` ${JSON.stringify(isMapping(value) ? {} : value)}\n`;
}

function formatItem(item: unknown, indent: string): string {
  if (!isMapping(item)) return `${indent}-${formatMember(item, `${indent}  `)}`;
  return `${indent}- ${formatYaml(item, `${indent}  `).slice(indent.length + 2)}`;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
