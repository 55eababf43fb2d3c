/** Draws what goes wrong, where, and which change is to blame; beside it, changes that are innocent. */
import type { Random } from './random.ts';
import type { Peer, Service, Shop } from './topology.ts';

export type FaultKind = 'slow-database' | 'slow-code' | 'failing-code' | 'slow-network' | 'failing-partner';

export interface ShopChange {
  readonly service: string;
  readonly atMs: number;
  readonly version: string;
  readonly previousVersion: string;
  readonly actor: string;
  readonly summary: string;
}

export interface Fault {
  readonly kind: FaultKind;
  readonly onsetMs: number;
  /** The true cause, by the name telemetry gives it. */
  readonly cause: string;
  /** The service that runs the faulty code, is slow to reach, or uses the faulty peer. */
  readonly service: Service;
  readonly peer: Peer | null;
  /** Share of the calls that are hit. */
  readonly share: number;
  readonly delayMs: number;
  readonly change: ShopChange | null;
}

export interface Plot {
  readonly shop: Shop;
  readonly fault: Fault | null;
  readonly changes: readonly ShopChange[];
}

const people = ['ana', 'bo', 'chidi', 'dana', 'eli'];

/** The whole story of one seed. `kind` fixes the fault's kind; null draws it; `fault: false` tells of a quiet day with a false alarm. */
export function drawPlot(
  shop: Shop,
  random: Random,
  options: { nowMs: number; kind: FaultKind | null; fault: boolean },
): Plot {
  const fault = options.fault ? drawFault(shop, random.fork('fault'), options) : null;
  const innocent = drawInnocentChanges(shop, random.fork('changes'), options.nowMs, fault);
  const changes = fault?.change ? [...innocent, fault.change] : innocent;
  return { shop, fault, changes: changes.sort((a, b) => a.atMs - b.atMs) };
}

function drawFault(shop: Shop, random: Random, options: { nowMs: number; kind: FaultKind | null }): Fault {
  const kind = options.kind ?? random.pick(possibleKinds(shop));
  const { service, peer } = drawPlace(shop, kind, random);
  const onsetMs = options.nowMs - random.int(130, 200) * 1000;
  const blamed = kind !== 'slow-network' && kind !== 'failing-partner';
  return {
    kind,
    onsetMs,
    service,
    peer,
    cause: peer?.name ?? service.name,
    share: kind.startsWith('failing') ? 0.3 + 0.4 * random.next() : 0.7 + 0.3 * random.next(),
    delayMs: random.int(120, 400),
    change: blamed ? guiltyChange(service, onsetMs, random, peer) : null,
  };
}

function possibleKinds(shop: Shop): FaultKind[] {
  const partner = shop.services.some((service) => service.peers.some((peer) => peer.system === 'http'));
  const kinds: FaultKind[] = ['slow-database', 'slow-code', 'failing-code', 'slow-network'];
  return partner ? [...kinds, 'failing-partner'] : kinds;
}

/** Databases of the deepest layer, so that the harm shows three hops away; otherwise any service below the entry. */
function drawPlace(shop: Shop, kind: FaultKind, random: Random): { service: Service; peer: Peer | null } {
  const system = kind === 'slow-database' ? 'postgresql' : kind === 'failing-partner' ? 'http' : null;
  if (system === null) return { service: random.pick(shop.services.filter(({ layer }) => layer > 0)), peer: null };
  const owners = shop.services.filter(({ peers }) => peers.some((peer) => peer.system === system));
  const deepest = Math.max(...owners.map(({ layer }) => layer));
  const service = random.pick(owners.filter(({ layer }) => layer === deepest));
  return { service, peer: service.peers.find((peer) => peer.system === system) ?? null };
}

function guiltyChange(service: Service, onsetMs: number, random: Random, peer: Peer | null): ShopChange {
  const summary =
    peer === null ? `${service.name}: new release` : `${service.name}: new release, migrates ${peer.name}`;
  return changeOf(service, onsetMs - random.int(5, 25) * 1000, random, summary);
}

function drawInnocentChanges(shop: Shop, random: Random, nowMs: number, fault: Fault | null): ShopChange[] {
  const others = shop.services.filter((service) => service !== fault?.service && service.layer > 0);
  return Array.from({ length: Math.min(2, others.length) }, () => {
    const service = random.pick(others);
    return changeOf(service, nowMs - random.int(6, 50) * 60_000, random, `${service.name}: routine release`);
  });
}

function changeOf(service: Service, atMs: number, random: Random, summary: string): ShopChange {
  const [major, minor] = service.version.split('.').map(Number);
  return {
    service: service.name,
    atMs,
    previousVersion: service.version,
    version: `${major}.${(minor ?? 0) + 1}.0`,
    actor: random.pick(people),
    summary,
  };
}
