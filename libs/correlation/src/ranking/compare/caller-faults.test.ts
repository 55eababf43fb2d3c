import { describe, expect, it } from 'vitest';
import { compareRows } from '../testing/evidence.ts';
import { deploy, edge, line, onsetMs, operation, presence, type Rows } from '../testing/fixture.ts';

/** The faults as `caller -> callee: mechanism`. */
function faults(rows: Rows, more: Parameters<typeof compareRows>[1] = {}): string[] {
  const { callerFaults } = compareRows(rows, more);
  return [...callerFaults].map(([{ caller, callee }, mechanism]) => `${caller} -> ${callee}: ${mechanism}`);
}

const web = operation({ service: 'web', self: [5, 5], errors: [0, 80] });
const failing = (from: string, to: string) => edge({ from, to, silent: true, errors: [0, 80] });
const says = (text: string) => line('web', text, [0, 80], 17);

describe('a reason that the caller logs', () => {
  it.each([
    ['lookup db: no such host', 'dns'],
    ['password rejected: authentication failed for db', 'credential'],
    ['connection pool of db is exhausted', 'pool'],
    ['missing required setting DB_URL', 'config'],
  ])('makes it the fault of the caller: %s', (text, mechanism) => {
    expect(faults({ operations: web, edges: failing('web', 'db'), templates: says(text) })).toEqual([
      `web -> db: ${mechanism}`,
    ]);
  });

  it('may come in lines of no span', () => {
    const templates = says('lookup db: no such host').map((row) => ({ ...row, operation: '' }));
    expect(faults({ edges: failing('web', 'db'), templates })).toEqual(['web -> db: dns']);
  });

  it.each([
    ['names a fault of the callee', says('no space left on device of db')],
    ['was logged as often before', line('web', 'lookup db: no such host', [400, 80], 17)],
    ['names another service', says('lookup cache: no such host')],
    ['is another service that logs', line('api', 'lookup db: no such host', [0, 80], 17)],
  ])('is none where the line %s', (_, templates) => {
    const operations = [...web, ...operation({ service: 'api', self: [5, 5] })];
    const edges = [...failing('web', 'db'), ...edge({ from: 'web', to: 'cache', silent: true })];
    expect(faults({ operations, edges, templates })).toEqual([]);
  });
});

describe('calls that fail are not the fault of the caller', () => {
  const templates = says('lookup db: no such host');

  it('where they do not fail more than before', () => {
    expect(faults({ operations: web, edges: edge({ from: 'web', to: 'db', silent: true }), templates })).toEqual([]);
  });

  it('where they reached the callee, whose own spans fail', () => {
    const operations = [...web, ...operation({ service: 'db', self: [5, 5], errors: [0, 80] })];
    const edges = edge({ from: 'web', to: 'db', errors: [0, 80] });
    expect(faults({ operations, edges, templates })).toEqual([]);
  });

  it('where another caller fails as well', () => {
    const edges = [...failing('web', 'db'), ...failing('api', 'db')];
    expect(faults({ operations: web, edges, templates })).toEqual([]);
  });
});

describe('a caller whose calls fail nearly everywhere has lost its network', () => {
  it('without any line', () => {
    const edges = [...failing('web', 'db'), ...failing('web', 'cache')];
    expect(faults({ edges })).toEqual(['web -> cache: network', 'web -> db: network']);
  });

  it.each([
    ['one callee alone fails', [...failing('web', 'db')]],
    [
      'half of what it calls is served',
      [
        ...failing('web', 'a'),
        ...failing('web', 'b'),
        ...edge({ from: 'web', to: 'c', silent: true }),
        ...edge({ from: 'web', to: 'd', silent: true }),
      ],
    ],
    ['others fail with one of the callees', [...failing('web', 'a'), ...failing('web', 'b'), ...failing('x', 'b')]],
  ])('not where %s', (_, edges) => {
    expect(faults({ edges })).toEqual([]);
  });

  it('unless a line names the mechanism', () => {
    const edges = [...failing('web', 'db'), ...failing('web', 'cache')];
    expect(faults({ operations: web, edges, templates: says('lookup failed: no such host') })).toEqual([
      'web -> cache: dns',
      'web -> db: dns',
    ]);
  });
});

describe('without a line', () => {
  it('a healthy peer that rejects nearly all tells', () => {
    const edges = edge({ from: 'web', to: 'db', silent: true, errors: [0, 95], total: [5, 5] });
    expect(faults({ edges, presence: [presence('db', 779_000)] })).toEqual(['web -> db: credential']);
  });

  it('new settings of the caller tell, where the callee sends no spans', () => {
    const changes = [{ ...deploy('web', onsetMs - 10_000), kind: 'config' as const }];
    expect(faults({ edges: failing('web', 'db') }, { changes })).toEqual(['web -> db: config']);
    const operations = operation({ service: 'db', self: [5, 5] });
    expect(faults({ edges: failing('web', 'db'), operations }, { changes })).toEqual([]);
  });

  it('nothing is assumed where the caller says that nobody listens: the callee may be down', () => {
    const changes = [{ ...deploy('web', onsetMs - 10_000), kind: 'config' as const }];
    const templates = says('connection refused by db');
    expect(faults({ operations: web, edges: failing('web', 'db'), templates }, { changes })).toEqual([]);
  });
});
