import { describe, expect, it } from 'vitest';
import { deploy, edge, incident, operation, presence, type Rows, series } from '../testing/fixture.ts';
import { groupRows } from './groups.ts';
import { reachableFrom, serviceGraph } from './service-graph.ts';

type Input = ReturnType<typeof incident>;

function graphOf(input: Input) {
  return serviceGraph(input, input.answer === null ? { edges: [] } : groupRows(input.answer));
}
const graph = (rows: Rows, more: Partial<Input> = {}) => graphOf({ ...incident('web', rows), ...more });
const alertAbout = (entities: Input['alerts'][number]['entities']): Partial<Input> => ({
  alerts: incident('', null).alerts.map((alert) => ({ ...alert, entities })),
});

describe('services', () => {
  it('are all that anything mentions, sorted, each once', () => {
    const { services } = graph(
      {
        operations: operation({ service: 'traced', self: [1, 1] }),
        edges: edge({ from: 'web', to: 'callee' }),
        series: [series('measured', 'cpu', [1, 1])],
        presence: [presence('alive', 1)],
      },
      { changes: [deploy('deployed', 1)], declaredEdges: [{ from: 'web', to: 'declared' }] },
    );
    expect(services).toEqual(['alive', 'callee', 'declared', 'deployed', 'measured', 'traced', 'web']);
  });

  it('include the database of an alert besides its service', () => {
    const { services, alerting } = graph({}, alertAbout({ service: 'web', database: 'orders' }));
    expect(services).toEqual(['orders', 'web']);
    expect([...alerting]).toEqual(['web']);
  });
});

describe('alerting', () => {
  it.each([
    ['the service first', { service: 'web', workload: 'web-7', database: 'orders' }, ['web']],
    ['else the workload', { workload: 'web-7', database: 'orders' }, ['web-7']],
    ['else the database', { database: 'orders' }, ['orders']],
    ['nothing where the alert names only a node', { node: 'n1' }, []],
  ])('takes %s', (_, entities, expected) => {
    expect([...graph({}, alertAbout(entities)).alerting]).toEqual(expected);
  });
});

describe('links', () => {
  it('join what was seen with what was declared', () => {
    const { callees, callers } = graph(
      { edges: edge({ from: 'web', to: 'b' }) },
      { declaredEdges: [{ from: 'web', to: 'a' }] },
    );
    expect(callees.get('web')).toEqual(['a', 'b']);
    expect(callers.get('a')).toEqual(['web']);
  });

  it('leave out a service that calls itself', () => {
    const { callees, services } = graph({ edges: edge({ from: 'web', to: 'web' }) });
    expect(callees.size).toBe(0);
    expect(services).toEqual(['web']);
  });
});

describe('related', () => {
  const edges = [
    ...edge({ from: 'shop', to: 'web' }),
    ...edge({ from: 'web', to: 'api' }),
    ...edge({ from: 'api', to: 'db' }),
    ...edge({ from: 'batch', to: 'db' }),
  ];

  it('is what the alerting service calls, directly or not, and no caller of it', () => {
    expect([...graph({ edges }).related].sort()).toEqual(['api', 'db', 'web']);
  });

  it('is everything where the graph does not know the alerting service', () => {
    const { related, services } = graph({ edges }, alertAbout({ service: 'unknown' }));
    expect([...related].sort()).toEqual(services);
  });

  it('ends in spite of a circle of calls', () => {
    const circle = [...edge({ from: 'web', to: 'api' }), ...edge({ from: 'api', to: 'web' })];
    expect([...graph({ edges: circle }).related].sort()).toEqual(['api', 'web']);
  });
});

it('reachableFrom follows calls through others, and includes the service itself', () => {
  const callees = new Map([
    ['a', ['b']],
    ['b', ['c', 'a']],
    ['x', ['a']],
  ]);
  expect([...reachableFrom(callees, 'a')]).toEqual(['a', 'b', 'c']);
  expect([...reachableFrom(callees, 'unknown')]).toEqual(['unknown']);
});
