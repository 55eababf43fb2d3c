/** Names the other side of a call from the attributes of the calling span. */
import type { Attributes, Span } from '@faultline/model';

const addressKeys = [
  'server.address',
  'net.peer.name',
  'http.host',
  'network.peer.address',
  'net.peer.ip',
  'net.sock.peer.addr',
];
const destinationKeys = ['messaging.destination.name', 'messaging.destination'];

/**
 * The callee of a client or producer span, or the queue of a consumer span; empty when unknown. A queue is known by its
 * own name, so that its producers and consumers meet there. A name is preferred to an IP address, which tells a reader
 * nothing.
 */
export function peerOf({ kind, attributes }: Pick<Span, 'kind' | 'attributes'>): string {
  if (kind === 'consumer') return firstOf(attributes, destinationKeys);
  if (kind !== 'client' && kind !== 'producer') return '';
  const named = attributes['peer.service'] ?? firstOf(attributes, destinationKeys);
  if (named) return named;
  const address = hostName(firstOf(attributes, addressKeys) || urlHost(attributes));
  if (address !== '' && !isIpAddress(address)) return address;
  return databaseName(attributes) || attributes['messaging.system'] || attributes['rpc.service'] || address;
}

function firstOf(attributes: Attributes, keys: readonly string[]): string {
  for (const key of keys) {
    const value = attributes[key];
    if (value) return value;
  }
  return '';
}

function databaseName(attributes: Attributes): string {
  const system = attributes['db.system.name'] ?? attributes['db.system'] ?? '';
  const name = attributes['db.namespace'] ?? attributes['db.name'] ?? '';
  return system && name ? `${system}/${name}` : system;
}

function urlHost(attributes: Attributes): string {
  const url = attributes['url.full'] ?? attributes['http.url'] ?? '';
  return URL.parse(url)?.hostname ?? '';
}

/** Removes the port. Of a cluster-internal name (`cart.shop.svc.cluster.local`) only the service is kept. */
function hostName(address: string): string {
  const host = address.toLowerCase().replace(/:\d+$/, '');
  return /^([a-z0-9-]+)\.[a-z0-9-]+\.svc(\.|$)/.exec(host)?.[1] ?? host;
}

function isIpAddress(host: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(host) || host.includes(':');
}
