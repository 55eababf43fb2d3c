/** Random play of one scope, for properties and for recorded journals. The seed decides everything. */
import { parseInput } from './parse.ts';
import { Player } from './player.ts';
import { createRandom } from './random.ts';

const services = ['front', 'cart', 'db', 'mail', 'smtp', 'search'];
const edges = 'edges=front->cart,cart->db,mail->smtp,front->search';

/** Most name none, as some people's do. */
const environments = ['', '', ' env=production', ' env=staging'];

/** A random command: mostly alerts, sometimes evidence, a change or a command. */
function randomLine(random: () => number, hasEnvironments: boolean): string {
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? '';
  const environment = () => (hasEnvironments ? pick(environments) : '');
  const service = pick(services);
  const incident = `#${1 + Math.floor(random() * 3)}`;
  const kind = random();
  if (kind < 0.5)
    return `alert ${service} ${pick(['Slow', 'Errors'])} ${pick(['', 'resolved '])}expires=${pick(['1m', '10m'])} node=${pick(['n1', 'n2'])}${environment()}`;
  if (kind < 0.8)
    return `answer ${incident} ${pick(['settled ', ''])}disturbed=${service},${pick(services)} ${edges} cause=${service}${environment()}`;
  if (kind < 0.85) return `change ${service} v${Math.floor(random() * 9)}${environment()}`;
  if (kind < 0.88) return `answer ${incident} missing=store:_unreachable`;
  return `${pick(['acknowledge', 'resolve', 'reopen', 'note', 'merge', 'split'])} ${incident} ${pick(['#1', '#2', 'Slow/db', 'Errors/cart'])}`;
}

interface RandomPlay {
  readonly player: Player;
  readonly output: string;
  /** One line for each restart: whether the state was the same. */
  readonly restarts: readonly string[];
}

/**
 * Plays 120 steps. With `restartEvery` above 0 the state is dropped and loaded again every so many steps. `hasEnvironments`: some alerts,
 * changes and results name one.
 */
export function playRandom(seed: number, restartEvery: number, hasEnvironments = false): RandomPlay {
  const random = createRandom(seed);
  const player = new Player();
  const output: string[] = [];
  const restarts: string[] = [];
  for (let n = 0; n < 120; n += 1) {
    output.push(...player.passTo(player.atMs + Math.floor(random() ** 4 * 600_000)));
    const input = parseInput(player, randomLine(random, hasEnvironments));
    if (typeof input !== 'string') output.push(...player.give(input));
    if (restartEvery > 0 && n % restartEvery === 0) restarts.push(player.restart());
  }
  return { player, restarts, output: output.join('\n') };
}
