import { assert, assertThrows } from "@std/assert";
import { readOrRefuse } from "../../../lib/kubeconfig/steps/load_kubeconfig.ts";
import { HostError } from "../../../lib/errors.ts";

const LINUX = { os: "linux", arch: "amd64" } as const;

Deno.test("readOrRefuse() hides the password of a path that cannot be opened", () => {
  // Windows refuses such a name; Linux only misses it.
  const refused = () => {
    throw new HostError("EINVAL", "https://bob:PW@host", "The filename is incorrect");
  };
  const error = assertThrows(() => readOrRefuse("https://bob:PW@host", LINUX, refused), Error);
  assert(/cannot read ".*host": EINVAL/.test(error.message), error.message);
  assert(!error.message.includes("PW"), error.message);
});
