/** From the names that proxies give to what is behind them, to the service there. */
import { isAddress, isPlaceholder, serviceOfDns } from './names.ts';

/** Shapes that generators of configuration write. The first group is the service. */
const generated: readonly RegExp[] = [
  // Contour: `shop/pay/8080/da39a3ee5e`, and in names of metrics `shop_pay_8080`.
  /^[a-z0-9-]+\/([a-z0-9-]+)\/\d+\/[0-9a-f]+$/,
  /^[a-z0-9-]+_([a-z0-9-]+)_\d+$/,
  // Envoy Gateway: `httproute/shop/pay/rule/0`.
  /^(?:http|grpc|tcp|tls|udp)route\/[a-z0-9-]+\/([a-z0-9-]+)\/rule\/.+$/,
  // Kong's ingress controller: `shop.pay.8080`, with a port's number or name.
  /^[a-z0-9-]+\.([a-z0-9-]+)\.(?:\d+|p?http|https|grpc)$/,
];

/** The service behind a cluster of Envoy or a service of Kong. Istio writes `outbound|8080|v1|pay.shop.svc.cluster.local`. Empty: none. */
export function serviceOfCluster(cluster: string): string {
  const istio = /^(inbound|outbound)(?:\||_\.)\d+(?:\||_\.)[^|]*?(?:\||_\._?\.?)([^|]*)$/.exec(cluster);
  if (istio !== null) return istio[1] === 'inbound' ? '' : nameOfHost(istio[2] ?? '');
  for (const shape of generated) {
    const service = shape.exec(cluster)?.[1];
    if (service !== undefined) return service;
  }
  return nameOfHost(cluster);
}

function nameOfHost(host: string): string {
  const name = serviceOfDns(host.toLowerCase());
  return isPlaceholder(name, 'service') || isAddress(name) ? '' : name;
}
