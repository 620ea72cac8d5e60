import { assertEquals } from "@std/assert";
import { readLauncher } from "../../lib/commands/inspect_path.ts";
import { fakeFiles } from "../support/fake_host.ts";

for (
  const { bytes, isRead } of [{ bytes: 65_535, isRead: true }, { bytes: 65_536, isRead: false }]
) {
  Deno.test(`readLauncher() ${isRead ? "reads" : "leaves"} ${bytes} bytes`, () => {
    const text = "x".repeat(bytes);
    assertEquals(
      readLauncher("/bin/kubectl", fakeFiles({ "/bin/kubectl": text })) === text,
      isRead,
    );
  });
}
