import { expect, it } from 'vitest';
import { incidentTraits } from './incident-traits.ts';
import { anIncident, likelyCause } from './testing/incident.ts';
import { traitClassOf, traitsOf } from './trait.ts';

const facts = { ...anIncident(), alertNames: ['Slow', 'HighLatency', 'Slow'] };
const [edgeEvidence, errorLines] = likelyCause.evidence;
const withLog = (weight: number) => {
  const source = edgeEvidence?.source
    ? { ...edgeEvidence.source, view: 'lines' as const, text: 'pool exhausted' }
    : null;
  return { ...likelyCause, evidence: errorLines ? [{ ...errorLines, weight, source }] : [] };
};

it('cause, kind, path without the cause, the kind of the blamed change, and alerts', () => {
  expect(incidentTraits(facts)).toEqual([
    'cause orders-db',
    'kind latency',
    'path orders',
    'path checkout',
    'change deploy',
    'alert HighLatency',
    'alert Slow',
  ]);
});

it('log lines count when they speak for the cause', () => {
  expect(incidentTraits({ ...facts, hypotheses: [withLog(1)] })).toContain('log pool exhausted');
  expect(incidentTraits({ ...facts, hypotheses: [withLog(-1)] }).join()).not.toContain('log');
});

it('without an identified cause only the alerts are known', () => {
  expect(incidentTraits({ ...facts, verdict: 'inconclusive' })).toEqual(['alert HighLatency', 'alert Slow']);
});

it('values are cut, empty ones are left out, and there are not too many', () => {
  expect(traitsOf('log', ['', 'x'.repeat(500)])).toEqual([`log ${'x'.repeat(200)}`]);
  expect(
    traitsOf(
      'alert',
      Array.from({ length: 99 }, (_, index) => `A${index}`),
    ),
  ).toHaveLength(30);
});

it.each([
  ['log a b', 'log'],
  ['weather rain', null],
  ['log', null],
])('the class of %o is %o', (trait, name) => expect(traitClassOf(trait)).toBe(name));
