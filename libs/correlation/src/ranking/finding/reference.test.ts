import { expect, it } from 'vitest';
import {
  type EvidenceReference,
  referenceToAlerts,
  referenceToChange,
  referenceToChildren,
  referenceToEdges,
  referenceToFailureDomain,
  referenceToLines,
  referenceToOperations,
  referenceToPresence,
  referenceToSeries,
} from './reference.ts';

const series = { service: 'api', instance: 'api-1', metric: 'cpu', attributes: 'state=user' };
const call = { service: 'web', operation: 'serve', peer: 'api', text: 'Get' };

it.each<[string, EvidenceReference, Partial<EvidenceReference>]>([
  ['all operations of a service', referenceToOperations('api'), { view: 'operations', service: 'api' }],
  ['one operation', referenceToOperations('api', 'Get'), { view: 'operations', service: 'api', operation: 'Get' }],
  ['an edge', referenceToEdges({ caller: 'web', callee: 'api' }), { view: 'edges', service: 'web', peer: 'api' }],
  ['all callers of a service', referenceToEdges({ caller: '', callee: 'api' }), { view: 'edges', peer: 'api' }],
  ['a child call', referenceToChildren(call), { view: 'children', ...call }],
  [
    'lines of a service',
    referenceToLines({ service: 'api', text: 'oops' }),
    { view: 'lines', service: 'api', text: 'oops' },
  ],
  [
    'lines of an operation',
    referenceToLines({ service: 'api', operation: 'Get', text: 'oops' }),
    { view: 'lines', service: 'api', operation: 'Get', text: 'oops' },
  ],
  [
    'a series, whose attributes are its text',
    referenceToSeries(series),
    { view: 'series', service: 'api', instance: 'api-1', metric: 'cpu', text: 'state=user' },
  ],
  ['signs of life', referenceToPresence('api'), { view: 'presence', service: 'api' }],
  ['a node or zone, which stands in for the service', referenceToFailureDomain('n1'), { view: 'place', service: 'n1' }],
  ['alerts', referenceToAlerts('api'), { view: 'alerts', service: 'api' }],
  ['a change', referenceToChange('c1', 'api'), { view: 'changes', service: 'api', text: 'c1' }],
])('a reference to %s leaves everything else open', (_, reference, expected) => {
  const open = { service: '', instance: '', operation: '', peer: '', metric: '', text: '' };
  expect(reference).toEqual({ ...open, ...expected });
});

it('a reference to lines holds no more than names, whatever else the caller passes', () => {
  const more = { ...referenceToSeries(series), text: 'oops' };
  expect(referenceToLines(more)).toMatchObject({ view: 'lines', instance: '', metric: '' });
});
