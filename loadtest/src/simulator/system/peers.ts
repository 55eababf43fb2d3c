/** Draws the dependencies of a service: database, cache, external API, and queue worker. */
import { engines, partners, workers } from './names.ts';
import { type Drawing, drawService } from './service.ts';
import type { Operation, Service, ServiceRole } from './system.ts';

export function drawPeers(owner: string, drawing: Drawing): Service[] {
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

export function drawWorker(owner: string, drawing: Drawing): Service {
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
