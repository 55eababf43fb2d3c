import { expect, it } from 'vitest';
import { finding } from '../testing/evidence.ts';
import { compareFindings } from './finding.ts';

it('findings are ordered by kind, then by entity, whatever their strength', () => {
  const late = finding({ kind: 'alerts', service: 'web', strength: 0.9 });
  const early = finding({ kind: 'alerts', service: 'api', strength: 0.1 });
  const other = finding({ kind: 'traffic', service: 'api' });
  const order = [other, late, early].toSorted(compareFindings);
  expect(order.map(({ kind, entity }) => `${kind} ${entity}`)).toEqual([
    'alerts service:api',
    'alerts service:web',
    'traffic service:api',
  ]);
});

it('a kind whose name begins with that of another comes after it', () => {
  const [short, long] = [
    { ...finding({ entity: 'z' }), kind: 'mesh' },
    { ...finding({ entity: 'a' }), kind: 'mesh-latency' },
  ] as const;
  expect([long, short].toSorted(compareFindings)[0]).toBe(short);
});
