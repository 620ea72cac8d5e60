import { assertEquals } from "@std/assert";
import { planReleases, type Release } from "../../lib/mirror/releases.ts";
import { formatVersion } from "../../lib/version/version.ts";
import { parseWanted, type Wanted } from "../../lib/version/wanted.ts";

function describe(release: Release): string {
  if (release.kind === "exact") return formatVersion(release.version);
  return release.minor === undefined
    ? "stable.txt"
    : `stable-${release.minor.major}.${release.minor.minor}.txt`;
}

for (
  const { want, substitute = true, plan } of [
    { want: "stable", plan: ["stable.txt"] },
    { want: "1.30", plan: ["stable-1.30.txt", "1.30.0"] },
    { want: "1.27.101", plan: ["1.27.101", "stable-1.27.txt", "1.27.0", "stable-1.26.txt"] },
    { want: "1.30.0", plan: ["1.30.0", "stable-1.30.txt", "stable-1.29.txt"] },
    {
      want: "1.38.0-alpha.2",
      plan: ["1.38.0-alpha.2", "stable-1.38.txt", "1.38.0", "stable-1.37.txt"],
    },
    { want: "2.0.1", plan: ["2.0.1", "stable-2.0.txt", "2.0.0"] },
    { want: "1.27.101", substitute: false, plan: ["1.27.101"] },
    { want: "1.30", substitute: false, plan: ["stable-1.30.txt", "1.30.0"] },
  ]
) {
  Deno.test(`planReleases() has ${plan.join(", ")} for ${want}${substitute ? "" : " and nothing else"}`, () => {
    assertEquals(planReleases(parseWanted(want) as Wanted, substitute).map(describe), plan);
  });
}
