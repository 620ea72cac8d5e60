import { assertEquals } from "@std/assert";
import { reportSkew, type SkewReport } from "../../lib/version/skew_report.ts";
import { parseVersionString } from "../../lib/version/version_string.ts";

const TODAY = "2026-11-21";

function report(text: string, today = TODAY): SkewReport {
  const version = parseVersionString(text);
  if (version?.kind !== "release") throw new Error(`no release: ${text}`);
  return reportSkew(text, version, today);
}

Deno.test("reportSkew() says all there is to say of a vendor's version", () => {
  assertEquals(report("v1.30.2-eks-1552ad0"), {
    input: "v1.30.2-eks-1552ad0",
    release: "1.30.2",
    dirty: false,
    vendor: "eks-1552ad0",
    kubectl: { oldest: "1.29", newest: "1.31" },
    goModule: "v0.30.2",
    kubernetesTag: "kubernetes-1.30.2",
    clientGo: {
      compatibility:
        "same features and API objects: 1.30; common features work, each side may have others: 1.27 to 1.29, 1.31 to 1.34",
      row: {
        "1.27": "+-",
        "1.28": "+-",
        "1.29": "+-",
        "1.30": "✓",
        "1.31": "+-",
        "1.32": "+-",
        "1.33": "+-",
        "1.34": "+-",
      },
      tableOf: "2025-09-04",
    },
    support: {
      status: "ended",
      released: "2024-04-17",
      endOfLife: "2025-07-15",
      newestPatch: "1.30.14",
      knownOn: "2026-11-20",
    },
  });
});

Deno.test("reportSkew() says all there is to say of a CI build", () => {
  assertEquals(report("v1.36.0-alpha.1.139+150247a304f2cb-dirty"), {
    input: "v1.36.0-alpha.1.139+150247a304f2cb-dirty",
    release: "1.36.0",
    preRelease: "alpha.1",
    commitsSinceTag: 139,
    commit: "150247a304f2cb",
    dirty: true,
    kubectl: { oldest: "1.35", newest: "1.37" },
    goModule: "v0.36.0-alpha.1",
    kubernetesTag: "kubernetes-1.36.0-alpha.1",
    clientGo: {
      compatibility:
        "no row in the table; by its rule, same features and API objects: 1.36; common features work, each side may have others: all other minors",
      tableOf: "2025-09-04",
    },
    support: {
      status: "supported",
      released: "2026-04-22",
      endOfLife: "2027-06-28",
      newestPatch: "1.36.4",
      knownOn: "2026-11-20",
    },
  });
});

for (
  const { text, goModule, major, alsoTagged } of [
    { text: "v1.17.0", goModule: "v0.17.0" },
    { text: "v1.17.0-rc.1", goModule: "v0.17.0-rc.1" },
    {
      text: "v1.16.3",
      goModule: "kubernetes-1.16.3",
    },
    { text: "v1.16.4", goModule: "kubernetes-1.16.4", alsoTagged: "v0.16.4" },
    { text: "v1.15.7", goModule: "kubernetes-1.15.7", major: "v12.0.0", alsoTagged: "v0.15.7" },
    {
      text: "v1.15.0",
      goModule: "kubernetes-1.15.0",
      major: "v12.0.0",
    },
    {
      text: "v1.8.1",
      goModule: "kubernetes-1.8.1",
      major: "v5.0.1",
    },
    { text: "v1.7.5", goModule: "v4.0.0", major: "v4.0.0" },
    { text: "v1.4.0", goModule: "v1.4.0", major: "v1.4.0" },
    { text: "v1.2.0", goModule: "none" },
  ] as const satisfies readonly Record<string, string>[] as readonly {
    text: string;
    goModule: string;
    major?: string;
    alsoTagged?: string;
  }[]
) {
  Deno.test(`reportSkew() finds the Go modules of ${text}`, () => {
    const { goModule: module, clientGo } = report(text);
    assertEquals(
      {
        module,
        major: clientGo.major,
        alsoTagged: clientGo.alsoTagged,
      },
      { module: goModule, major, alsoTagged },
    );
  });
}

for (
  const { text, today = TODAY, status } of [
    { text: "1.34.0", status: "ended" },
    { text: "1.34.0", today: "2026-10-27", status: "maintenance" },
    { text: "1.35.0", status: "supported" },
    { text: "1.35.0", today: "2026-12-28", status: "maintenance" },
    { text: "1.35.0", today: "2027-03-01", status: "ended" },
    { text: "1.0.3", status: "ended" },
    { text: "1.38.0", status: "unreleased" },
    { text: "2.0.0", status: "unknown" },
  ]
) {
  Deno.test(`reportSkew() knows that ${text} is ${status} on ${today}`, () => {
    assertEquals(report(text, today).support.status, status);
  });
}
