import type { EvidenceFocus } from '@faultline/model';
import { expect, it } from 'vitest';
import { chooseNeighbourhood as choose, maxWholeServices, type WholeSystem } from './neighbourhood.ts';

const service = (index: number) => `s${String(index).padStart(3, '0')}`;
/** A ring: each service calls the next one, and more often the one after that; ten share a node. */
function ring(size: number): WholeSystem {
  const names = Array.from({ length: size }, (_, index) => service(index));
  return {
    calls: names.flatMap((caller, index) => [
      { caller, callee: service((index + 1) % size), calls: 1 },
      { caller, callee: service((index + 2) % size), calls: 2 },
    ]),
    presence: names.map((name, index) => ({
      service: name,
      instance: `${name}-0`,
      lastSpanMs: 1,
      node: `n${Math.floor(index / 10)}`,
    })),
    erring: [],
  };
}
const chooseNeighbourhood = (system: WholeSystem, focus?: EvidenceFocus) => choose(system, focus, 24);
const nothing = { services: [], instances: [], nodes: [] };
const large = ring(300);

it('a system that fits a result is read as a whole', () => {
  expect(chooseNeighbourhood(ring(maxWholeServices), { ...nothing, services: [service(3)] })).toBeNull();
  expect(chooseNeighbourhood(ring(maxWholeServices + 1), { ...nothing, services: [service(3)] })).not.toBeNull();
});

it('what alerts name, what it calls (most calls first), its machine, its callers, then further down what is called', () => {
  const around = chooseNeighbourhood(large, { ...nothing, services: [service(20)] });
  expect(around?.services.slice(0, 3)).toEqual([service(20), service(22), service(21)]);
  const sameNode = around?.services.slice(3, 9).sort();
  expect(sameNode).toEqual([23, 24, 25, 26, 27, 28].map(service));
  expect(around?.services.slice(9, 11)).toEqual([service(18), service(19)]);
  expect(around?.services).toHaveLength(24);
  expect(around?.services).not.toContain(service(17));
  expect(around?.near).toEqual(around?.services.slice(0, 8));
  expect(around?.nodes).toEqual(['n2']);
});

it('an instance or a machine that an alert names stands for what runs there', () => {
  const byInstance = chooseNeighbourhood(large, { ...nothing, instances: ['s150-0'] });
  expect(byInstance?.services[0]).toBe('s150');
  const byNode = chooseNeighbourhood(large, { ...nothing, nodes: ['n7'] });
  expect(byNode?.services.slice(0, 8)).toEqual(Array.from({ length: 8 }, (_, index) => service(70 + index)));
  expect(byNode?.nodes[0]).toBe('n7');
});

it('a called service without any telemetry is found by its callers', () => {
  const silent = { ...large, calls: [...large.calls, { caller: service(20), callee: 'silent-db', calls: 9 }] };
  expect(chooseNeighbourhood(silent, { ...nothing, services: [service(20)] })?.services[1]).toBe('silent-db');
});

it('a callee without telemetry is included however far away, one that was left out is not', () => {
  const edge = chooseNeighbourhood(large, { ...nothing, services: [service(20)] });
  const last = edge?.services.at(-1) ?? '';
  const calls = [...large.calls, { caller: last, callee: 'silent-db', calls: 0 }];
  const around = chooseNeighbourhood({ ...large, calls }, { ...nothing, services: [service(20)] });
  expect(around?.callees).toEqual([...(around?.services ?? []), 'silent-db']);
});

it('services with more errors than before are included however far away; without named services they come first', () => {
  const erring = { ...large, erring: [service(200)] };
  expect(chooseNeighbourhood(erring, { ...nothing, services: [service(20)] })?.services[1]).toBe(service(200));
  expect(chooseNeighbourhood(erring)?.services[0]).toBe(service(200));
  expect(chooseNeighbourhood(large)?.services).toHaveLength(24);
});

it('a storm of alerts over half of the system leaves room for what is around', () => {
  const services = Array.from({ length: 150 }, (_, index) => service(index * 2));
  const around = chooseNeighbourhood(large, { ...nothing, services });
  expect(around?.services).toHaveLength(24);
  expect(around?.services.filter((name) => services.includes(name)).length).toBeLessThan(24);
});

it('exporters are included on the nodes that matter', () => {
  const exporters = ['n2', 'n20'].map((node) => ({ service: 'exporter', instance: node, lastSpanMs: 0, node }));
  const system = { ...large, presence: [...large.presence, ...exporters] };
  const around = chooseNeighbourhood(system, { ...nothing, services: [service(20)] });
  expect(around?.exporters).toEqual(['exporter']);
  expect(around?.nodes).toEqual(['n2']);
});

it('the order of rows does not matter', () => {
  const reversed = { ...large, calls: [...large.calls].reverse(), presence: [...large.presence].reverse() };
  const focus = { ...nothing, services: [service(20), service(130)], nodes: ['n3'] };
  expect(chooseNeighbourhood(reversed, focus)).toEqual(chooseNeighbourhood(large, focus));
});
