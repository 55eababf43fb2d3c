/** Draws a system from a seed: its size, its layers, who calls whom and how, where instances run, and what each part sends. */
import type { Random } from './random.ts';
import {
  callsPerRequest,
  type Instance,
  type Node,
  type Operation,
  type Service,
  type ServiceRole,
  type Step,
  type System,
} from './system.ts';

const gateways = ['edge-gateway', 'web-frontend', 'mobile-bff'];
const nouns = [
  'orders',
  'catalog',
  'basket',
  'accounts',
  'search',
  'pricing',
  'inventory',
  'reviews',
  'loyalty',
  'delivery',
  'payments',
  'ledger',
  'tax',
  'vouchers',
  'warehouse',
  'invoices',
  'profiles',
  'sessions',
  'media',
  'suggest',
  'fraud',
  'shipping',
  'returns',
  'wishlist',
  'support',
  'promotions',
  'stock',
  'quotes',
  'geo',
  'currency',
  'contracts',
  'billing',
  'audit',
  'consent',
  'identity',
  'messages',
  'schedules',
  'routes',
  'slots',
  'labels',
  'refunds',
  'gifts',
  'bundles',
  'ratings',
  'feeds',
  'imports',
  'exports',
  'partners',
  'prices',
  'regions',
];
const workers = ['mailer', 'indexer', 'reporter', 'notifier', 'reconciler', 'thumbnailer'];
const teams = ['checkout', 'discovery', 'fulfilment', 'identity', 'platform', 'growth'];
const engines = ['postgresql', 'mysql', 'mongodb'];
const partners = [
  'api.cardrail.example',
  'geo.mapkit.example',
  'rates.fxdesk.example',
  'sms.pingline.example',
  'tax.levy.example',
];
const verbs = ['Get', 'List', 'Place', 'Update', 'Check'];
const lines = [
  'served # items in # ms',
  'handled request # for user #',
  'loaded page # of #',
  'applied rule # to cart #',
  'cache lookup # hit',
  'resolved item #',
  'wrote record #',
  'validated # fields',
];

interface Drawing {
  readonly random: Random;
  readonly nodes: readonly Node[];
  readonly clusters: readonly string[];
}

/** Between 8 and 60 services with what stands behind them; most systems are nearer to 20. */
export function drawSystem(random: Random): System {
  const drawing: Drawing = { random, ...drawPlaces(random) };
  const count = Math.min(34, Math.max(6, Math.round(random.logNormal(13, 0.5))));
  const plans = drawPlans(drawLayers(count, random), random);
  const built = new Map<string, Service>();
  const drawn = plans.toReversed().flatMap((plan) => {
    const level = drawWithPeers(plan, built, drawing);
    for (const service of level) built.set(service.name, service);
    return level;
  });
  return finish(drawn, drawing);
}

/** A service before it is built: what each of its operations is to call. */
interface Plan {
  readonly name: string;
  readonly depth: number;
  readonly operations: readonly string[][];
}

/** Callers before callees. Every service has a caller above it, and some have several: fan-in is where blame goes astray. */
function drawPlans(layers: readonly string[][], random: Random): Plan[] {
  const plans = layers.flatMap((names, depth) =>
    names.map((name) => ({
      name,
      depth,
      operations: Array.from({ length: depth === 0 ? random.int(3, 5) : random.int(1, 3) }, (): string[] => []),
    })),
  );
  for (const plan of plans)
    for (let calls = plan.depth === 0 ? 0 : random.pick([1, 1, 2, 2, 3]); calls > 0; calls--) {
      const above = plans.filter(({ depth }) => (calls === 1 ? depth === plan.depth - 1 : depth < plan.depth));
      const targets = random.pick(random.pick(above).operations);
      if (!targets.includes(plan.name)) targets.push(plan.name);
    }
  return plans;
}

function drawPlaces(random: Random): { nodes: Node[]; clusters: string[] } {
  const zones = ['zone-a', 'zone-b', 'zone-c'].slice(0, random.int(2, 3));
  const nodes = Array.from({ length: random.int(4, 9) }, (_, i) => ({
    name: `node-${i + 1}`,
    zone: zones[i % zones.length] ?? 'zone-a',
    cores: 16,
    otherCores: 1 + 2 * random.next(),
  }));
  return { nodes, clusters: random.chance(0.2) ? ['east', 'west'] : ['main'] };
}

/** Names by layer, gateways first. */
function drawLayers(count: number, random: Random): string[][] {
  const front = shuffled(gateways, random).slice(0, count > 14 && random.chance(0.5) ? 2 : 1);
  const names = shuffled(nouns, random).slice(0, count - front.length);
  const depth = random.int(2, count > 20 ? 5 : 3);
  const layers = Array.from({ length: depth }, (): string[] => []);
  for (const [i, name] of names.entries()) layers[i < depth ? i : random.int(0, depth - 1)]?.push(name);
  return [front, ...layers];
}

function drawWithPeers(
  { name, depth, operations }: Plan,
  built: ReadonlyMap<string, Service>,
  drawing: Drawing,
): Service[] {
  const { random } = drawing;
  const role: ServiceRole = depth === 0 ? 'gateway' : 'service';
  const peers = role === 'gateway' ? [] : drawPeers(name, drawing);
  const worker = role === 'service' && random.chance(0.12) ? drawWorker(name, drawing) : null;
  const drawn = operations.map((targets, i) => {
    const below = targets.flatMap((target) => built.get(target) ?? []);
    return drawOperation({ name, role, index: i }, { peers, worker: i === 0 ? worker : null, below }, random);
  });
  return [...peers, ...(worker === null ? [] : [worker]), drawService(name, role, drawn, drawing)];
}

function drawPeers(owner: string, drawing: Drawing): Service[] {
  const { random } = drawing;
  const peer = (
    name: string,
    role: ServiceRole,
    engine: string,
    operation: Pick<Operation, 'name' | 'cpuMs' | 'idleMs'>,
  ) => drawService(name, role, [{ ...plain, ...operation, service: name }], drawing, engine);
  return [
    ...(random.chance(0.5)
      ? [
          peer(`${owner}-db`, 'database', random.pick(engines), {
            name: 'SELECT',
            cpuMs: 1 + 2 * random.next(),
            idleMs: 1 + 4 * random.next(),
          }),
        ]
      : []),
    ...(random.chance(0.2) ? [peer(`${owner}-cache`, 'cache', 'redis', { name: 'GET', cpuMs: 0.2, idleMs: 0.2 })] : []),
    ...(random.chance(0.08)
      ? [
          peer(`${owner}.${random.pick(partners)}`, 'external', 'http', {
            name: 'POST',
            cpuMs: 5,
            idleMs: 30 + 60 * random.next(),
          }),
        ]
      : []),
  ];
}

const plain = { sigma: 0.5, usualErrors: 0, steps: [], line: '' };

function drawWorker(owner: string, drawing: Drawing): Service {
  const name = `${owner}-${drawing.random.pick(workers)}`;
  const operation = {
    ...plain,
    service: name,
    name: `process ${owner}.events`,
    cpuMs: 8,
    idleMs: 12,
    usualErrors: 0.001,
    line: 'processed event # of batch #',
  };
  return drawService(name, 'worker', [operation], drawing);
}

interface Callable {
  readonly peers: readonly Service[];
  readonly worker: Service | null;
  readonly below: readonly Service[];
}

function drawOperation(
  { name: service, role, index }: { name: string; role: ServiceRole; index: number },
  { below, peers, worker }: Callable,
  random: Random,
): Operation {
  const own = peers.filter(() => random.chance(0.75));
  const isGateway = role === 'gateway';
  return {
    service,
    name: isGateway
      ? `GET /${['home', 'browse', 'buy', 'me', 'help'][index] ?? index}`
      : `${service}.v1/${verbs[index] ?? index}`,
    cpuMs: 1 + 5 * random.next(),
    idleMs: random.next() * 4,
    sigma: 0.3 + 0.4 * random.next(),
    usualErrors: random.chance(0.4) ? 0.01 * random.next() : 0.0005,
    line: random.chance(0.75) ? random.pick(lines) : '',
    steps: [
      ...below.map((callee, i) => drawStep(random.pick(callee.operations), i, random)),
      ...own.map((peer) => ({
        ...drawStep(peer.operations[0] as Operation, 0, random),
        chance: 1,
        absorbs: peer.role === 'cache',
      })),
      ...(worker === null ? [] : [publish(worker, `${service}.events`)]),
    ],
  };
}

function drawStep(to: Operation, index: number, random: Random): Step {
  return {
    to,
    chance: random.chance(0.6) ? 1 : 0.2 + 0.7 * random.next(),
    timeoutMs: random.pick([500, 1000, 2000, 5000]),
    retries: random.chance(0.3) ? random.int(1, 2) : 0,
    absorbs: random.chance(0.15),
    queue: null,
    parallel: index > 0 && random.chance(0.3),
  };
}

function publish(worker: Service, queue: string): Step {
  const to = worker.operations[0] as Operation;
  return { to, chance: 0.8, timeoutMs: 1000, retries: 0, absorbs: true, queue, parallel: false };
}

function drawService(
  name: string,
  role: ServiceRole,
  operations: readonly Operation[],
  drawing: Drawing,
  engine = '',
): Service {
  const { random } = drawing;
  const inside = role === 'gateway' || role === 'service' || role === 'worker';
  return {
    name,
    role,
    engine,
    operations,
    team: random.pick(teams),
    version: `${random.int(1, 4)}.${random.int(0, 30)}.${random.int(0, 9)}`,
    instances: drawInstances(name, role, drawing),
    sends: {
      spans: inside,
      logs: inside && random.chance(0.9),
      metrics: inside || (role !== 'external' && random.chance(0.5)),
    },
    usualLoad: 0.12 + 0.35 * random.next(),
    slots: inside ? random.pick([8, 16, 32]) : role === 'external' ? 10_000 : random.pick([20, 50]),
    pool: random.pick([5, 10, 20]),
    memoryLimitBytes: random.pick([256, 512, 1024]) * 2 ** 20,
  };
}

function drawInstances(name: string, role: ServiceRole, { random, nodes, clusters }: Drawing): Instance[] {
  if (role === 'external') return [{ name, node: { name: '', zone: '', cores: 1e6, otherCores: 0 }, cluster: '' }];
  const isStateful = role === 'database' || role === 'cache';
  const count = isStateful ? 1 : random.pick([2, 2, 3, 3, 4]);
  const hash = letters(9, random);
  const first = random.int(0, nodes.length - 1);
  return Array.from({ length: count }, (_, i) => ({
    name: isStateful ? `${name}-${i}` : `${name}-${hash}-${letters(5, random)}`,
    // Schedulers spread instances over nodes.
    node: nodes[(first + i * 2 + random.int(0, 1)) % nodes.length] as Node,
    cluster: clusters[i % clusters.length] ?? 'main',
  }));
}

/** As Kubernetes draws the suffixes of pods. */
function letters(count: number, random: Random): string {
  return Array.from({ length: count }, () => random.pick([...'bcdfghjklmnpqrstvwxz2456789'])).join('');
}

/** Drops what no request gets to. */
function finish(drawn: readonly Service[], { random, nodes }: Drawing): System {
  const doors = drawn.filter(({ role }) => role === 'gateway').flatMap(({ operations }) => operations);
  const weights = doors.map(() => 0.5 + random.next());
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const entries = doors.map((operation, i) => ({ operation, weight: (weights[i] ?? 0) / total }));
  const reached = callsPerRequest({ entries });
  const services = drawn
    .map((service) => ({ ...service, operations: service.operations.filter((operation) => reached.has(operation)) }))
    .filter(({ operations }) => operations.length > 0)
    .toReversed();
  return { nodes, services, byName: new Map(services.map((service) => [service.name, service])), entries };
}

export function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  return items
    .map((item) => ({ item, key: random.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
