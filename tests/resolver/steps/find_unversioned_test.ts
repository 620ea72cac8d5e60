import { assertEquals } from "@std/assert";
import { findUnversioned } from "../../../lib/resolver/steps/find_unversioned.ts";
import { fakeEnv, fakeFiles, fakeProgram, LINUX } from "../../support/fake_host.ts";

const MIB = 1024 * 1024;
const OF_KUBERLR = "#!/bin/sh\nexec kuberlr";

for (
  const { name, texts, want } of [
    { name: "a program alone", texts: ["x".repeat(MIB + 1)], want: "/0/kubectl" },
    { name: "a script alone, which may have called kuberlr", texts: ["x".repeat(MIB)] },
    { name: "a second script", texts: ["x", "#!/bin/sh\necho"], want: "/1/kubectl" },
    { name: "a script that names kuberlr", texts: ["x", OF_KUBERLR] },
    { name: "the largest script that names kuberlr", texts: ["x", OF_KUBERLR.padEnd(MIB)] },
    {
      name: "a program that names kuberlr",
      texts: ["x", OF_KUBERLR.padEnd(MIB + 1)],
      want: "/1/kubectl",
    },
  ]
) {
  Deno.test(`findUnversioned() takes ${name} for ${want ?? "nothing"}`, () => {
    const world = Object.fromEntries(
      texts.map((text, index) => [`/${index}/kubectl`, { text, executable: true }]),
    );
    const found = findUnversioned({ systemPath: [] }, {
      env: fakeEnv({ PATH: texts.map((_, index) => `/${index}`).join(":") }),
      files: fakeFiles(world),
      platform: LINUX,
      program: fakeProgram(),
    });
    assertEquals(found, want);
  });
}
