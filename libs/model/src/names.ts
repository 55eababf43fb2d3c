/** Values that stand where a name is expected and name nothing: placeholders, loopback addresses, bare addresses. */
import type { EntityKind } from './entity.ts';

/** What tools print when they have no value, lower case. */
export const placeholders: readonly string[] = [
  '',
  '-',
  '--',
  'default',
  'none',
  'null',
  'nil',
  'undefined',
  'unknown',
  'unset',
  'n/a',
  'na',
  // Grafana, and Go's templates.
  '[no value]',
  '<no value>',
  '<nil>',
  // Istio, for traffic to nowhere in the mesh.
  'passthroughcluster',
  'blackholecluster',
  'inboundpassthroughcluster',
  // OpenTelemetry SDKs, where nobody set a name. `unknown_service:java` says a little more: see `isWeakName`.
  'unknown_service',
];

/**
 * The names that senders give themselves. A service of Kubernetes has no capital letter, so an alert about the team's own Grafana says `grafana`
 * and still names it.
 */
const senderNames: ReadonlySet<string> = new Set(['Alertmanager', 'Grafana', 'Prometheus']);

/** How Argo CD and Flux write the cluster that they run in. Each cluster has this name for itself. */
export function isLocalClusterName(name: string): boolean {
  return /^(in-cluster|(https:\/\/)?kubernetes\.default(\.svc(\.cluster\.local)?)?(:443)?\/?)$/.test(
    name.trim().toLowerCase(),
  );
}

/** `default` is a real namespace of Kubernetes and a real database of ClickHouse. */
const defaultIsAName: ReadonlySet<EntityKind> = new Set(['namespace', 'database']);

/** Whether a value names nothing of that kind. `ignored` are placeholders that a setting switched off, lower case. */
export function isPlaceholder(value: string, kind: EntityKind, ignored: ReadonlySet<string> = none): boolean {
  const word = value.trim().toLowerCase();
  if (word === 'default' && defaultIsAName.has(kind)) return false;
  if (kind === 'cluster' && isLocalClusterName(word)) return true;
  const isNone = placeholderSet.has(word) || (kind === 'service' && senderNames.has(value.trim()));
  return (isNone && !ignored.has(word)) || isLoopback(word);
}

const none: ReadonlySet<string> = new Set();
const placeholderSet = new Set(placeholders);

/** `unknown_service:java`: an SDK's default. It counts only where nothing else names the service. */
export function isWeakName(value: string): boolean {
  return /^unknown_service(:|$)/.test(value);
}

/** An address that every machine has, with or without a port: a proxy beside the caller, never a peer. */
export function isLoopback(address: string): boolean {
  const host = withoutPort(address.toLowerCase());
  return /^(localhost|.+\.localhost|localhost\.localdomain|127(\.\d{1,3}){3}|0\.0\.0\.0|::1|::)$/.test(host);
}

/** An IPv4 or IPv6 address, with or without a port. It says nothing on a page. */
export function isAddress(value: string): boolean {
  const host = withoutPort(value);
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(host) || /^[0-9a-f]*:[0-9a-f:.]+$/i.test(host);
}

/** The host of `host:port`, `[::1]:port`, an IPv6 address or a plain host. */
export function withoutPort(address: string): string {
  const bracketed = /^\[([^\]]+)\](:\d+)?$/.exec(address)?.[1];
  if (bracketed !== undefined) return bracketed;
  return address.indexOf(':') === address.lastIndexOf(':') ? address.replace(/:\d+$/, '') : address;
}

/** The host of a URL or of `host:port`; of a cluster-internal name (`cart.shop.svc.cluster.local`) the service alone. */
export function hostOf(value: string): string {
  const text = value.trim();
  const host = /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
    ? withoutPort(URL.parse(text)?.host ?? '')
    : withoutPort(text.split('/')[0] ?? '');
  return serviceOfDns(host.toLowerCase());
}

/** `cart.shop.svc.cluster.local` and `cart.shop.svc` are cart; any other host stays as it is. */
export function serviceOfDns(host: string): string {
  return /^([a-z0-9-]+)\.[a-z0-9-]+\.svc(\.|$)/.exec(host)?.[1] ?? host;
}
