import { BlockList, isIPv6 } from 'node:net';

const forbidden = new BlockList();
forbidden.addSubnet('0.0.0.0', 8); // "this host"
forbidden.addSubnet('169.254.0.0', 16); // link-local, and the metadata service of most clouds
forbidden.addAddress('100.100.100.200'); // metadata service, Alibaba Cloud
forbidden.addAddress('168.63.129.16'); // platform services, Azure
forbidden.addSubnet('224.0.0.0', 4); // multicast
forbidden.addAddress('255.255.255.255');
forbidden.addAddress('::', 'ipv6');
forbidden.addSubnet('fe80::', 10, 'ipv6'); // link-local
forbidden.addAddress('fd00:ec2::254', 'ipv6'); // metadata service, AWS
forbidden.addSubnet('ff00::', 8, 'ipv6'); // multicast

/** Whether a webhook must not be sent to this IP address, unless allowed: nothing a pager runs at, and where secrets are had by asking. */
export function isForbiddenAddress(address: string): boolean {
  return forbidden.check(address.split('%', 1)[0] ?? '', isIPv6(address) ? 'ipv6' : 'ipv4');
}
