import { assertEquals } from "@std/assert";
import { generateKubernetesReleases } from "../../tools/generate_kubernetes_releases.ts";

Deno.test("lib/version/kubernetes_releases.ts is what its generator writes", async () => {
  const url = new URL("../../lib/version/kubernetes_releases.ts", import.meta.url);
  assertEquals(await Deno.readTextFile(url), await generateKubernetesReleases());
});
