import { assertEquals } from "@std/assert";
import { warnAboutVariables } from "../../lib/config/variables.ts";
import { LINUX, WINDOWS } from "../support/fake_host.ts";

for (
  const { names, platform = LINUX, want } of [
    { names: ["HOME", "KUBECONFIG", "MY_KUBERLR_X", "KUBERLR"], want: [] },
    {
      names: [
        "KUBERLR_TIMEOUT",
        "KUBERLR_CFG",
        "KUBERLR_KUBECTL",
        "KUBERLR_DEPTH",
        "KUBERLR_RESOLVING_VERSION",
      ],
      want: [],
    },
    {
      names: ["KUBERLR_TIMEUOT"],
      want: ["Unknown variable KUBERLR_TIMEUOT; did you mean KUBERLR_TIMEOUT?"],
    },
    {
      names: ["KUBERLR_ZZZ", "KUBERLR_KUBECTEL"],
      want: [
        "Unknown variable KUBERLR_KUBECTEL; did you mean KUBERLR_KUBECTL?",
        "Unknown variable KUBERLR_ZZZ",
      ],
    },
    // Variables that kuberlr itself sets are known, but not suggested.
    { names: ["KUBERLR_DEPHT"], want: ["Unknown variable KUBERLR_DEPHT"] },
    // The common prefix does not count as similarity.
    { names: ["KUBERLR_FOO"], want: ["Unknown variable KUBERLR_FOO"] },
    {
      names: ["KUBERLR_Timeout", "kuberlr_quiet"],
      want: [
        "Unknown variable KUBERLR_Timeout; did you mean KUBERLR_TIMEOUT?",
        "Unknown variable kuberlr_quiet; did you mean KUBERLR_QUIET?",
      ],
    },
    { names: ["KUBERLR_Timeout"], platform: WINDOWS, want: [] },
  ]
) {
  Deno.test(`warnAboutVariables() says what is unknown of ${names.join(", ")} on ${platform.os}`, () => {
    assertEquals(warnAboutVariables(names, platform), want);
  });
}
