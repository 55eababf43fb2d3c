/** Addresses that pages must not be sent to: no pager runs there, and some of them give out secrets to anybody who asks. */
import { BlockList, isIPv6 } from 'node:net';

const forbidden = new BlockList();
forbidden.addSubnet('0.0.0.0', 8); // "this host", RFC 1122
forbidden.addSubnet('169.254.0.0', 16); // link-local, and the metadata service of most clouds
forbidden.addAddress('100.100.100.200'); // metadata service, Alibaba Cloud
forbidden.addAddress('168.63.129.16'); // platform services, Azure
forbidden.addAddress('192.0.0.192'); // metadata service, Oracle Cloud
forbidden.addSubnet('224.0.0.0', 4); // multicast
forbidden.addAddress('255.255.255.255');
forbidden.addAddress('::', 'ipv6');
forbidden.addSubnet('fe80::', 10, 'ipv6'); // link-local
forbidden.addSubnet('fd00:ec2::', 32, 'ipv6'); // metadata, DNS and time services, AWS
forbidden.addAddress('fd20:ce::254', 'ipv6'); // metadata service, Google Cloud
forbidden.addAddress('fd00:42::42', 'ipv6'); // metadata service, Scaleway
forbidden.addAddress('fd00:a9fe:a9fe::1', 'ipv6'); // metadata service, Akamai
forbidden.addSubnet('2001::', 32, 'ipv6'); // Teredo, RFC 4380: its IPv4 address is obfuscated
forbidden.addSubnet('ff00::', 8, 'ipv6'); // multicast

/** Whether an IP address is link-local, unspecified, multicast or a metadata service, also inside an IPv6 address. */
export function isForbiddenAddress(address: string): boolean {
  const bare = address.split('%', 1)[0] ?? '';
  if (!isIPv6(bare)) return forbidden.check(bare);
  if (forbidden.check(bare, 'ipv6')) return true;
  const inner = embeddedIPv4(bare);
  return inner !== null && forbidden.check(inner);
}

/** Prefixes with an IPv4 address in them: the first groups, and the index of the first group of the address. */
const embeddings: readonly { readonly prefix: readonly number[]; readonly at: number }[] = [
  { prefix: [0, 0, 0, 0, 0, 0xffff], at: 6 }, // IPv4-mapped, RFC 4291
  { prefix: [0, 0, 0, 0, 0, 0], at: 6 }, // IPv4-compatible, RFC 4291
  { prefix: [0x64, 0xff9b, 0, 0, 0, 0], at: 6 }, // NAT64, RFC 6052
  { prefix: [0x64, 0xff9b, 1], at: 6 }, // NAT64 of a local network, RFC 8215
  { prefix: [0x2002], at: 1 }, // 6to4, RFC 3056
];

function embeddedIPv4(address: string): string | null {
  const groups = groupsOf(address);
  // Loopback, not the IPv4-compatible form of 0.0.0.1.
  if (groups.join(':') === '0:0:0:0:0:0:0:1') return null;
  const found = embeddings.find(({ prefix }) => prefix.every((group, index) => groups[index] === group));
  if (found === undefined) return null;
  const [high = 0, low = 0] = groups.slice(found.at, found.at + 2);
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

/** The eight groups of an IPv6 address. The URL parser (WHATWG) turns every spelling into one. */
function groupsOf(address: string): readonly number[] {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail = ''] = canonical.split('::');
  const parse = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const [before, after] = [parse(head), parse(tail)];
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}
