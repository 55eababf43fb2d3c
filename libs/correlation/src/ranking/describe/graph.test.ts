import { describe, expect, it } from 'vitest';
import { compareRows } from '../testing/evidence.ts';
import { edge, operation, type Rows } from '../testing/fixture.ts';
import { type GraphRoles, incidentGraph } from './graph.ts';

const none: GraphRoles = { cause: null, paths: [], degraded: new Set(), blind: new Set() };
const rows: Rows = {
  operations: ['web', 'api', 'auth', 'far'].flatMap((service) => operation({ service, self: [5, 5] })),
  edges: [
    ...edge({ from: 'web', to: 'api' }),
    ...edge({ from: 'api', to: 'db', silent: true, total: [10, 200], calls: [500, 100], errors: [5, 40] }),
    ...edge({ from: 'auth', to: 'far' }),
    ...edge({ from: 'far', to: 'farther' }),
  ],
};
const graph = (roles: Partial<GraphRoles>, of = rows) => incidentGraph(compareRows(of), { ...none, ...roles });
const rolesOf = (roles: Partial<GraphRoles>): Record<string, string> =>
  Object.fromEntries(graph(roles).nodes.map(({ service, role }) => [service, role]));

describe('the nodes of the graph', () => {
  it('are the alerting services and their neighbours, where nothing else is known', () => {
    expect(rolesOf({})).toEqual({ web: 'symptom', api: 'healthy' });
  });

  it('are all who take part, and who calls them or is called by them', () => {
    expect(Object.keys(rolesOf({ cause: 'auth' }))).toEqual(['api', 'auth', 'far', 'web']);
    expect(Object.keys(rolesOf({ degraded: new Set(['farther']) }))).toEqual(['api', 'far', 'farther', 'web']);
  });

  it('have the role that says most', () => {
    const everything = { cause: 'db', degraded: new Set(['db', 'api', 'web', 'far']), blind: new Set(['db', 'far']) };
    expect(rolesOf(everything)).toMatchObject({ db: 'cause', web: 'symptom', far: 'blind', api: 'affected' });
  });

  it('are affected on the path of the first hypothesis only', () => {
    expect(rolesOf({ paths: [['db', 'api', 'web'], ['far']] })).toMatchObject({ api: 'affected', far: 'healthy' });
  });

  it('are no more than a page can show, those of the paths first', () => {
    const many = Array.from({ length: 100 }, (_, i) => `s${i}`);
    const { nodes } = graph(
      { paths: [['db', 'api', 'web']] },
      { edges: many.flatMap((name) => edge({ from: 'web', to: name })) },
    );
    expect(nodes).toHaveLength(60);
    expect(nodes.map(({ service }) => service)).toEqual(expect.arrayContaining(['db', 'api', 'web']));
  });
});

describe('the edges of the graph', () => {
  const toDb = (of = rows) => graph({ cause: 'db' }, of).edges.find(({ to }) => to === 'db');

  it('show the calls of the incident', () => {
    expect(toDb()).toMatchObject({ from: 'api', calls: 100, errorRatio: 0.4, source: 'client-span' });
    expect(Math.abs((toDb()?.p95Ms ?? 0) - 200)).toBeLessThan(30);
  });

  it('show those of the baseline where there were none since', () => {
    const stopped = (rows.edges ?? []).filter(({ callee, slice }) => callee !== 'db' || slice === 0);
    expect(toDb({ ...rows, edges: stopped })).toMatchObject({ calls: 500, errorRatio: 0.01 });
  });

  it('show zeros where a call was never timed', () => {
    const untimed = (rows.edges ?? []).map((row) => ({ ...row, calls: 0, errors: 0, duration: [] }));
    expect(toDb({ ...rows, edges: untimed })).toMatchObject({ calls: 0, errorRatio: 0, p95Ms: 0 });
  });

  it('connect shown services only', () => {
    expect(graph({ cause: 'db' }).edges.map(({ from, to }) => `${from}>${to}`)).toEqual(['api>db', 'web>api']);
  });

  it('come in the order of names, the declared ones among the others', () => {
    const inputs = compareRows(rows, { declaredEdges: [{ from: 'api', to: 'cache' }] });
    const edges = incidentGraph(inputs, { ...none, cause: 'api' }).edges.map(({ from, to }) => `${from}>${to}`);
    expect(edges).toEqual(['api>cache', 'api>db', 'web>api']);
  });
});
