/** Whether a service resolves names for others, by the names that name servers of clusters have. */
const nameServers = /(?:^|[-_./])(?:core|kube|node-?local)-?dns\b|(?:^|[-_./])(?:dnsmasq|unbound|nodelocaldns)\b/i;

export function isNameServer(service: string): boolean {
  return nameServers.test(service);
}
