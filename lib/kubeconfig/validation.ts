/**
 * Finds settings of the chosen cluster and user that kubectl refuses before it sends anything.
 * Files that they name are not checked here, except the certificate authority: every command would
 * pay for it, and kubectl checks them.
 *
 * Source: client-go, tools/clientcmd/validation.go.
 *
 * @module
 */
import type { ExecEntry, UserEntry } from "./entries.ts";
import type { Selection } from "./selection.ts";

/** Returns the reason for a refusal; `undefined` if there is none. */
export function findSelectionFault({ cluster, user }: Selection): string | undefined {
  return firstTrue([
    [
      cluster.certificateAuthority !== "" && cluster.certificateAuthorityData !== "",
      "certificate-authority and certificate-authority-data are both set",
    ],
    ...userFaults(user),
    ...execFaults(user.exec),
  ]);
}

type Fault = readonly [found: boolean, reason: string];

function userFaults(user: UserEntry): readonly Fault[] {
  const certificate = user.clientCertificate !== "" || user.clientCertificateData !== "";
  const key = user.clientKey !== "" || user.clientKeyData !== "";
  const impersonation = user.asUid !== "" || user.asGroups.length > 0 ||
    Object.keys(user.asUserExtra).length > 0;
  return [
    [
      user.clientCertificate !== "" && user.clientCertificateData !== "",
      "client-certificate and client-certificate-data are both set",
    ],
    [
      certificate && user.clientKey !== "" && user.clientKeyData !== "",
      "client-key and client-key-data are both set",
    ],
    [certificate && !key, "a client certificate is set, and no client key"],
    [
      user.token !== "" && (user.username !== "" || user.password !== ""),
      "a token and basic authentication are both set",
    ],
    [
      user.exec !== undefined && user.authProvider !== undefined,
      "exec and auth-provider are both set",
    ],
    [impersonation && user.as === "", "as-uid, as-groups or as-user-extra are set, and as is not"],
  ];
}

function execFaults(exec: ExecEntry | undefined): readonly Fault[] {
  if (exec === undefined) return [];
  return [
    [exec.command === "", "exec has no command"],
    [exec.apiVersion === "", "exec has no apiVersion"],
    [
      !["Never", "IfAvailable", "Always"].includes(exec.interactiveMode),
      "exec has no interactiveMode that kubectl knows",
    ],
    [exec.env.some(({ name }) => name === ""), "exec has a variable without a name"],
  ];
}

function firstTrue(faults: readonly Fault[]): string | undefined {
  return faults.find(([found]) => found)?.[1];
}
