import { emptyEvidenceResult } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { child, edge, line, operation, type Rows, slices } from '../testing/fixture.ts';
import { keyOf } from './call-edge.ts';
import { groupRows } from './groups.ts';

const group = (rows: Rows) => groupRows({ ...emptyEvidenceResult, slices, ...rows });
const names = (groups: readonly { readonly service: string; readonly operation: string }[]) =>
  groups.map(({ service, operation }) => `${service} ${operation}`);

describe('operations', () => {
  const api = operation({ service: 'api', self: [5, 5] });
  const web = operation({ service: 'web', self: [5, 5] });

  it('hold their rows together, also where another comes between them', () => {
    const mixed = [...api.slice(0, 1), ...web, ...api.slice(1)];
    expect(group({ operations: mixed }).operations.map(({ service, rows }) => [service, rows.length])).toEqual([
      ['api', 2],
      ['web', 2],
    ]);
  });

  it('come in the order of their names, whatever the order of the rows', () => {
    const forth = group({ operations: [...api, ...web] }).operations;
    const back = group({ operations: [...web, ...api] }).operations;
    expect(names(back)).toEqual(names(forth));
  });

  it('of one name are two where they serve and where they call', () => {
    const calls = api.map((row) => ({ ...row, kind: 'client' as const }));
    expect(group({ operations: [...api, ...calls] }).operations.map(({ kind }) => kind)).toEqual(['client', 'server']);
  });

  it('make their services traced', () => {
    const { traced } = group({ operations: api, edges: edge({ from: 'api', to: 'db', silent: true }) });
    expect([...traced]).toEqual(['api']);
  });

  it('add their settled calls up by slice, over all kinds', () => {
    const calls = api.map((row) => ({ ...row, kind: 'client' as const }));
    const { settled } = group({ operations: [...api, ...calls] });
    expect([...(settled.get(keyOf('api', 'serve')) ?? [])]).toEqual([1000, 200]);
  });
});

it('edges hold the rows of all operations and instances of two services', () => {
  const one = edge({ from: 'web', to: 'api' });
  const other = one.map((row) => ({ ...row, operation: 'other', calleeInstance: 'api-2' }));
  const between = edge({ from: 'web', to: 'db' });
  const found = group({ edges: [...one, ...between, ...other] }).edges;
  expect(found.map(({ callee, rows }) => [callee, rows.length])).toEqual([
    ['api', 4],
    ['db', 2],
  ]);
});

describe('patterns', () => {
  it('are child calls and lines of an operation, with their spans by slice', () => {
    const rows = { children: child('web', 'api', [40, 3]), templates: line('web', 'cache miss', [7, 9]) };
    const { patterns, lines } = group(rows);
    expect(patterns.map(({ what, target, text, spans }) => [what, target, text, ...spans])).toEqual([
      ['call', 'api', 'serve', 40, 3],
      ['log', '', 'cache miss', 7, 9],
    ]);
    expect(lines).toEqual([]);
  });

  it('add up the instances that log the same line', () => {
    const other = line('web', 'cache miss', [1, 1]).map((row) => ({ ...row, instance: 'web-2' }));
    const [found] = group({ templates: [...line('web', 'cache miss', [7, 9]), ...other] }).patterns;
    expect([...(found?.spans ?? [])]).toEqual([8, 10]);
  });

  it('include families of similar lines besides the lines', () => {
    const templates = ['one', 'two'].flatMap((name) => line('web', `the price of the train ${name}`, [10, 10]));
    const operations = operation({ service: 'web', self: [1, 1] });
    const texts = group({ templates, operations }).patterns.map(({ text }) => text);
    expect(texts).toHaveLength(3);
    expect(texts[2]).toContain('alike');
  });
});

describe('lines outside of spans', () => {
  const lone = (instance: string, counts: readonly [number, number]) =>
    line('web', 'no space left', counts).map((row) => ({ ...row, operation: '', instance }));

  it('are counted in lines, and are no patterns', () => {
    const { lines, patterns } = group({ templates: lone('web-1', [0, 4]) });
    expect(lines.map(({ instance, lines }) => [instance, ...lines])).toEqual([['web-1', 0, 4]]);
    expect(patterns).toEqual([]);
  });

  it('keep their instance only where a single one logged them', () => {
    const { lines } = group({ templates: [...lone('web-1', [0, 4]), ...lone('web-2', [1, 1])] });
    expect(lines.map(({ instance, lines }) => [instance, ...lines])).toEqual([['', 1, 5]]);
  });
});

it('a slice counts as logged where the service logged anything, and for no other service', () => {
  const { logged } = group({ templates: line('web', 'cache miss', [7, 9]).slice(1) });
  expect([...logged]).toEqual([keyOf('web', 1)]);
});
