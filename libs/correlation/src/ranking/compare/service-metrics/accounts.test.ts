import { describe, expect, it } from 'vitest';
import { compareRows } from '../../testing/evidence.ts';
import { edge, operation, type Rows, type Shift, series } from '../../testing/fixture.ts';
import { serviceAccounts } from './accounts.ts';
import type { ServiceSubject } from './levels.ts';

type Row = ReturnType<typeof series>;

const latency = (service: string, shift: Shift, unit = 's'): Row => series(service, 'latency.average', shift, unit);
const requests = (service: string, shift: Shift): Row => series(service, 'requests.rate', shift);
const calls = (...pairs: readonly (readonly [string, string])[]) => ({
  declaredEdges: pairs.map(([from, to]) => ({ from, to })),
});
type Links = ReturnType<typeof calls>;

function accounts(
  rows: Row[],
  links: Links = calls(['web', 'api']),
  subject: ServiceSubject = 'latency',
  more: Rows = {},
) {
  return serviceAccounts(compareRows({ series: rows, ...more }, links), subject);
}
/** Which part of its rise is the own of each service. */
const shares = (...given: Parameters<typeof accounts>) =>
  Object.fromEntries(accounts(...given).accounts.map(({ service, ownShare }) => [service, ownShare]));

describe('the rise of a service', () => {
  it('is its own where its callees answer as before', () => {
    expect(shares([latency('web', [0.1, 0.9]), latency('api', [0.1, 0.1])])['web']).toBe(1);
  });

  it('belongs to the callee as far as that rose as well', () => {
    const found = shares([latency('web', [0.1, 0.9]), latency('api', [0.1, 0.5])]);
    expect(found['api']).toBe(1);
    expect(found['web']).toBeCloseTo(0.5, 1);
  });

  it('is never less than none, however slow the callee is', () => {
    expect(shares([latency('web', [0.1, 0.5]), latency('api', [0.1, 0.9])])['web']).toBe(0);
  });

  it('is weighed by requests: a callee that is asked twice adds twice', () => {
    const rows = [latency('web', [0.1, 0.9]), latency('api', [0.1, 0.3])];
    const once = shares([...rows, requests('web', [10, 10]), requests('api', [10, 10])])['web'];
    const twice = shares([...rows, requests('web', [10, 10]), requests('api', [20, 20])])['web'];
    expect(once).toBeCloseTo(0.75, 1);
    expect(twice).toBeCloseTo(0.5, 1);
  });

  it('takes no more of the callee than the part of this caller', () => {
    const links = calls(['web', 'api'], ['shop', 'api']);
    const rows = [latency('web', [0.1, 0.9]), latency('api', [0.1, 0.5]), requests('web', [10, 10])];
    const shared = shares([...rows, requests('shop', [10, 10]), requests('api', [20, 20])], links)['web'];
    expect(shared).toBeCloseTo(0.5, 1);
  });

  it('counts the callee as often as in the baseline at least, since who waits asks less', () => {
    const rows = [latency('web', [0.1, 0.9]), latency('api', [0.1, 0.5]), requests('web', [10, 10])];
    expect(shares([...rows, requests('api', [10, 2])])['web']).toBeCloseTo(0.5, 1);
  });
});

describe('a mesh', () => {
  const link = (shift: Shift, unit: string): Row => ({
    ...series('web', 'request.duration', shift, unit),
    attributes: 'destination=api,source=web',
  });

  it('tells how long the service waits, in whatever unit', () => {
    expect(shares([latency('web', [0.1, 0.9]), link([100, 500], 'ms')])['web']).toBeCloseTo(0.5, 1);
    expect(shares([latency('web', [100, 900], 'ms'), link([0.1, 0.5], 's')])['web']).toBeCloseTo(0.5, 1);
  });

  it('shows calls that nothing else shows', () => {
    expect(shares([latency('web', [0.1, 0.9]), link([100, 900], 'ms')], calls())['web']).toBeCloseTo(0, 1);
  });

  it('says nothing about failures', () => {
    const errors = series('web', 'error.rate', [0, 0.5], '1');
    expect(shares([errors, link([100, 900], 'ms')], calls(), 'errors')['web']).toBe(1);
  });
});

describe('an account', () => {
  it('is of services without spans, since spans tell better', () => {
    const operations = operation({ service: 'web', self: [5, 5] });
    expect(shares([latency('web', [0.1, 0.9])], calls(), 'latency', { operations })).toEqual({});
  });

  it('is of services that rose', () => {
    expect(shares([latency('web', [0.9, 0.1])])).toEqual({});
  });

  it('is of services that alerting services call', () => {
    const edges = edge({ from: 'web', to: 'api' });
    expect(shares([latency('other', [0.1, 0.9])], calls(), 'latency', { edges })).toEqual({});
  });

  it('was found among all services with such a metric', () => {
    const rows = [latency('web', [0.1, 0.9]), latency('api', [0.1, 0.1]), latency('other', [0.9, 0.1])];
    expect(accounts(rows).tests).toBe(3);
  });
});
