import { describe, expect, it } from 'vitest';
import { ingestConfig } from '../config.ts';
import { receivedAtMs, testContext } from '../testing/source.ts';
import { readMapped } from './mapped.ts';
import { recordsOfMapped } from './mapped-records.ts';
import { timeOf } from './time.ts';

const { limits } = ingestConfig.parse({});
const options = { receivedAtMs, limits };
const read = (value: unknown) => readMapped(value, options);
const alert = { name: 'A', service: 'cart' };

describe('what a mapping returns', () => {
  it('has defaults', () => {
    expect(read({ alerts: alert }).items).toEqual([
      {
        type: 'alert',
        key: '',
        name: 'A',
        status: 'firing',
        severity: 'error',
        summary: 'A',
        labels: { alertname: 'A', service: 'cart' },
        annotations: {},
        startsAtMs: null,
        endsAtMs: null,
        url: '',
      },
    ]);
  });

  it('leaves good items alone when others are wrong', () => {
    const { items, problems } = read({
      alerts: [alert, { name: '' }, { name: 'B', status: 'perhaps' }, 7],
      changes: [
        { kind: 'party', summary: 's' },
        { summary: 'Deployed', service: 'cart' },
      ],
      acknowledged: [{ key: 'k', actor: 'ana' }, {}],
    });
    expect(items.map(({ type }) => type)).toEqual(['alert', 'change', 'acknowledgement']);
    expect(problems.map(({ reason }) => reason.split(':')[0])).toEqual([
      'alerts[1].name',
      'alerts[2].status',
      'alerts[3]',
      'changes[0].kind',
      'acknowledged[1].key',
    ]);
  });

  it.each([[null], [7], ['x'], [[]], [{}], [{ alerts: [] }], [{ ignored: null }]])(
    '%j says nothing, which is an error',
    (value) => {
      expect(read(value)).toMatchObject({ items: [], problems: [{ code: 'INGEST_INVALID' }] });
    },
  );

  it('may be a reason only', () => {
    expect(read({ ignored: 'a test' })).toEqual({ items: [], problems: [], ignored: ['a test'] });
  });

  it('is bounded', () => {
    const many = read({ alerts: Array.from({ length: 6000 }, () => alert) });
    expect(many).toMatchObject({ items: [], problems: [{ code: 'INGEST_TOO_MANY' }] });
    const labels = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`l${index}`, 'v']));
    expect(read({ alerts: { ...alert, labels } })).toMatchObject({ problems: [{ code: 'INGEST_TOO_MANY_LABELS' }] });
  });

  it('keeps only labels that are texts', () => {
    const [item] = read({ alerts: { ...alert, labels: { a: 1, b: true, c: null, d: [1], e: { f: 1 }, g: '' } } }).items;
    expect(item).toMatchObject({ labels: { alertname: 'A', service: 'cart', a: '1', b: 'true' } });
  });
});

describe('records of mapped items', () => {
  const recordsOf = (count: number, bodyChars: number) => {
    const { items } = read({ alerts: Array.from({ length: count }, (_, index) => ({ name: `A${index}` })) });
    const bytes = Buffer.from(JSON.stringify({ text: 'x'.repeat(bodyChars) }));
    const request = { tenant: 'acme', bytes, contentType: 'application/json', headers: {}, receivedAtMs };
    return recordsOfMapped(items, { source: 'pinger', request, context: testContext() }).alerts ?? [];
  };

  it('hold the body, but do not multiply a large one', () => {
    expect(JSON.parse(recordsOf(1, 10)[0]?.raw ?? '')).toEqual({ text: 'x'.repeat(10) });
    const total = recordsOf(5000, 30_000).reduce((sum, { raw }) => sum + raw.length, 0);
    expect(total).toBeLessThan(5_000_000);
  });

  it('have an id for each transition', () => {
    const request = { tenant: 'acme', bytes: Buffer.from('{}'), contentType: '', headers: {}, receivedAtMs };
    const idOf = (item: object) => {
      const { items } = read({ alerts: { key: 'k', ...alert, ...item } });
      return recordsOfMapped(items, { source: 'pinger', request, context: testContext() }).alerts?.[0]?.id;
    };
    expect(idOf({})).toBe(idOf({ summary: 'other words' }));
    expect(idOf({})).not.toBe(idOf({ status: 'resolved' }));
    expect(idOf({ startsAt: '2026-03-01T11:00:00Z' })).not.toBe(idOf({ startsAt: '2026-03-01T11:01:00Z' }));
  });
});

describe('times', () => {
  const ms = Date.UTC(2026, 2, 1, 11, 58);
  it.each([
    ['2026-03-01T11:58:00Z', ms],
    ['2026-03-01T12:58:00+01:00', ms],
    ['2026-03-01 12:58:00 +0100', ms],
    ['2026-03-01 11:58:00 UTC', ms],
    ['Sun, 01 Mar 2026 11:58:00 GMT', ms],
    [ms / 1000, ms],
    [String(ms / 1000), ms],
    [ms, ms],
    [ms * 1000, ms],
    [`${ms}000000`, ms],
  ])('%s', (value, expected) => {
    expect(timeOf(value, options)).toBe(expected);
  });

  it.each([
    [null],
    [''],
    ['soon'],
    [0],
    [-1],
    [7],
    [Number.NaN],
    [1e30],
    ['Sun, 99 Mar 2026 11:58:00 GMT'],
    ['2101-01-01T00:00:00Z'],
  ])('%s is none', (value) => {
    expect(timeOf(value, options)).toBe(null);
  });
});
