/** Draws a small shop: layers of services that call downwards, each with pods, some with a database, a cache or an outside API behind. */
import type { Random } from './random.ts';

export interface Peer {
  readonly name: string;
  /** `postgresql`, `redis`, or `http` for somebody else's API. Peers send no telemetry of their own. */
  readonly system: 'postgresql' | 'redis' | 'http';
  readonly medianMs: number;
}

export interface Call {
  /** A service's operation, or a peer. */
  readonly to:
    | { readonly service: Service; readonly operation: Operation }
    | { readonly peer: Peer; readonly statement: string };
}

export interface Operation {
  readonly name: string;
  /** Own work, before and between the calls. */
  readonly medianMs: number;
  readonly calls: readonly Call[];
}

export interface Service {
  readonly name: string;
  readonly layer: number;
  readonly operations: readonly Operation[];
  readonly pods: readonly { readonly name: string; readonly node: string }[];
  readonly peers: readonly Peer[];
  readonly version: string;
  readonly team: string;
}

export interface Shop {
  /** Top layer first. */
  readonly services: readonly Service[];
  readonly entry: Service;
}

const namesByLayer: readonly (readonly string[])[] = [
  ['storefront'],
  ['checkout', 'catalogue', 'basket', 'account', 'search'],
  ['orders', 'pricing', 'inventory', 'reviews', 'loyalty', 'delivery'],
  ['stock-ledger', 'tax', 'vouchers', 'warehouse', 'invoices'],
];
const teams = ['payments', 'storefront', 'fulfilment', 'discovery', 'platform'];

/** Draws services from the deepest layer up, so that each knows what it may call. */
export function drawShop(random: Random): Shop {
  const layers: Service[][] = [];
  for (let layer = namesByLayer.length - 1; layer >= 0; layer--) {
    const below = layers.at(-1) ?? [];
    const names = namesByLayer[layer] ?? [];
    const kept = layer === 0 ? names : shuffled(names, random).slice(0, random.int(3, Math.min(4, names.length)));
    layers.push(kept.map((name) => drawService(name, layer, below, random)));
  }
  const services = layers.reverse().flat();
  const entry = services[0];
  if (entry === undefined) throw new RangeError('a shop has at least an entry service');
  return { services: reachable(entry, services), entry };
}

function drawService(name: string, layer: number, below: readonly Service[], random: Random): Service {
  const peers = drawPeers(name, layer, random);
  return {
    name,
    layer,
    peers,
    operations: drawOperations(name, layer, below, peers, random),
    pods: Array.from({ length: random.int(2, 3) }, () => ({
      name: `${name}-${random.hex(9)}-${random.hex(5)}`,
      node: `node-${random.int(1, 4)}`,
    })),
    version: `${random.int(1, 4)}.${random.int(0, 20)}.${random.int(0, 9)}`,
    team: random.pick(teams),
  };
}

function drawPeers(service: string, layer: number, random: Random): Peer[] {
  if (layer === 0) return [];
  const deepest = layer === namesByLayer.length - 1;
  const peers: Peer[] = [];
  if (deepest || random.chance(0.5))
    peers.push({ name: `${service}-db`, system: 'postgresql', medianMs: 3 + 5 * random.next() });
  if (random.chance(0.3)) peers.push({ name: `${service}-cache`, system: 'redis', medianMs: 0.6 });
  if (!deepest && random.chance(0.15))
    peers.push({ name: `api.${service}-partner.example`, system: 'http', medianMs: 40 });
  return peers;
}

function drawOperations(
  name: string,
  layer: number,
  below: readonly Service[],
  peers: readonly Peer[],
  random: Random,
): Operation[] {
  const count = layer === 0 ? 5 : 2;
  return Array.from({ length: count }, (_, index) => ({
    name:
      layer === 0
        ? `GET /${['', 'browse', 'buy', 'basket', 'me'][index] ?? index}`
        : `${name}.v1.${['Get', 'Place'][index] ?? index}`,
    medianMs: 1 + 5 * random.next(),
    calls: [
      ...serviceCalls(index, layer, below, random),
      ...peers.map((peer) => ({ to: { peer, statement: statementOf(peer, index) } })),
    ],
  }));
}

/** The entry's routes share the layer below out between them; deeper services call one or two. */
function serviceCalls(index: number, layer: number, below: readonly Service[], random: Random): Call[] {
  if (below.length === 0) return [];
  const first = below[index % below.length] as Service;
  const second = random.pick(below);
  const targets = second === first || random.chance(layer === 0 ? 0.4 : 0.6) ? [first] : [first, second];
  return targets.map((service) => ({ to: { service, operation: random.pick(service.operations) } }));
}

function statementOf(peer: Peer, index: number): string {
  if (peer.system === 'redis') return 'GET';
  return peer.system === 'http' ? 'POST' : (['SELECT', 'UPDATE'][index] ?? 'SELECT');
}

/** The services that requests get to: a service whose operations nobody calls would have no traffic. */
function reachable(entry: Service, services: readonly Service[]): Service[] {
  const seen = new Set<Operation>();
  const visit = (operation: Operation): void => {
    if (seen.has(operation)) return;
    seen.add(operation);
    for (const { to } of operation.calls) if ('service' in to) visit(to.operation);
  };
  entry.operations.forEach(visit);
  return services.filter(({ operations }) => operations.some((operation) => seen.has(operation)));
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  return items
    .map((item) => ({ item, order: random.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
