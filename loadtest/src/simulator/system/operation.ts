/** Draws one operation of a service with its calls to other services. */
import type { Random } from '../../random/random.ts';
import { lines, verbs } from './names.ts';
import type { Operation, Service, ServiceRole, Step } from './system.ts';

interface Callable {
  readonly peers: readonly Service[];
  readonly worker: Service | null;
  readonly below: readonly Service[];
}

export function drawOperation(
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
