import { assertEquals } from "@std/assert";
import { certificateName, hostToDial, parseIpAddress } from "../../lib/connection/ip_address.ts";

for (
  const [text, hex] of [
    ["1.2.3.4", "00000000000000000000ffff01020304"],
    ["255.255.255.255", "00000000000000000000ffffffffffff"],
    ["::", "00000000000000000000000000000000"],
    ["::1", "00000000000000000000000000000001"],
    ["1::", "00010000000000000000000000000000"],
    ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
    ["1:2:3:4:5:6:7::", "00010002000300040005000600070000"],
    ["::ffff:1.2.3.4", "00000000000000000000ffff01020304"],
    ["64:ff9b::1.2.3.4", "0064ff9b000000000000000001020304"],
    ["FE80::A", "fe80000000000000000000000000000a"],
    ["", undefined],
    ["1.2.3", undefined],
    ["1.2.3.4.5", undefined],
    ["01.2.3.4", undefined],
    ["1.2.3.256", undefined],
    ["1:2:3", undefined],
    ["1:2:3:4:5:6:7:8:9", undefined],
    ["1::2::3", undefined],
    ["1:2:3:4::5:6:7:8", undefined],
    [":1", undefined],
    ["1:", undefined],
    ["12345::", undefined],
    ["1.2.3.4::", undefined],
    ["fe80::1%lo", undefined],
    ["example", undefined],
  ] as const
) {
  Deno.test(`parseIpAddress() of "${text}" is ${hex ?? "none"}`, () => {
    const bytes = parseIpAddress(text);
    assertEquals(bytes && Uint8Array.from(bytes).toHex(), hex);
  });
}

for (
  const [name, want] of [
    ["kubernetes.default", "kubernetes.default"],
    ["10.0.0.1", "10.0.0.1"],
    ["[10.0.0.1]", "10.0.0.1"],
    ["fd00::1", "fd00::1"],
    ["[fd00::1]", "fd00::1"],
    ["::ffff:7f00:1", "127.0.0.1"],
    ["[::ffff:127.0.0.1]", "127.0.0.1"],
    ["[kubernetes]", "[kubernetes]"],
    ["::ffff", "::ffff"],
    ["", ""],
  ] as const
) {
  Deno.test(`certificateName() of "${name}" is "${want}"`, () => {
    assertEquals(certificateName(name), want);
  });
}

for (
  const [host, want] of [
    ["kubernetes.default", "kubernetes.default"],
    ["10.0.0.1", "10.0.0.1"],
    ["fd00::1", "fd00::1"],
    ["::ffff:7f00:1", "127.0.0.1"],
    ["::FFFF:10.0.0.1", "10.0.0.1"],
    ["fe80::1%eth0", "fe80::1%eth0"],
  ] as const
) {
  Deno.test(`hostToDial() of "${host}" is "${want}"`, () => {
    assertEquals(hostToDial(host), want);
  });
}
