import { describe, expect, it } from 'vitest';
import { compareAtOnset } from '../compare/compare.ts';
import { knownOnset } from '../onset/find-onset.ts';
import { compareRows, finding } from '../testing/evidence.ts';
import { incident, onsetMs, operation } from '../testing/fixture.ts';
import { shownEvidence, summaryOf } from './evidence.ts';

const rows = { operations: operation({ service: 'api', self: [5, 5] }) };
const inputs = compareRows(rows);

describe('shownEvidence', () => {
  it('shows what speaks for the cause before what speaks against it', () => {
    const shown = shownEvidence(inputs, [
      finding({ kind: 'alerts', weight: 2 }),
      finding({ kind: 'refuted-test', weight: -1, isAgainst: true }),
      finding({ kind: 'traffic', weight: -2 }),
    ]);
    expect(shown.map(({ kind }) => kind)).toEqual(['alerts', 'traffic', 'refuted-test']);
  });

  it('keeps the strongest of what speaks against it', () => {
    const against = [-1, -2, -3, -4, -5].map((weight) => finding({ weight, isAgainst: true }));
    expect(shownEvidence(inputs, against).map(({ weight }) => weight)).toEqual([-2, -3, -4, -5]);
  });

  it('rounds weights to what anybody reads', () => {
    expect(shownEvidence(inputs, [finding({ weight: 1.23456 })])[0]?.weight).toBe(1.23);
  });

  it('carries what was measured in both windows', () => {
    const [shown] = shownEvidence(inputs, [finding({ entity: 'pod:api-1', before: '5 ms', during: '90 ms' })]);
    expect(shown).toMatchObject({ entity: 'pod:api-1', before: '5 ms', during: '90 ms' });
  });

  it('leaves the gap of an unsure onset out of both ranges', () => {
    const unsure = { ...knownOnset(onsetMs, onsetMs - 60_000), duringFromMs: onsetMs + 30_000 };
    const [shown] = shownEvidence(compareAtOnset(incident('web', rows), unsure), [finding()]);
    expect(shown?.source).toMatchObject({
      before: { fromMs: 0, toMs: onsetMs - 60_000 },
      during: { fromMs: onsetMs + 30_000, toMs: 780_000 },
    });
  });

  it('never lets the range of the baseline reach into the incident', () => {
    const over = { ...knownOnset(onsetMs), beforeToMs: onsetMs + 60_000 };
    const [shown] = shownEvidence(compareAtOnset(incident('web', rows), over), [finding()]);
    expect(shown?.source?.before.toMs).toBe(onsetMs);
  });

  it('reaches from the alert to the present before evidence is in', () => {
    const [shown] = shownEvidence(compareAtOnset(incident('web', null), knownOnset(onsetMs)), [finding()]);
    expect(shown?.source?.during).toEqual({ fromMs: 720_000, toMs: 780_000 });
  });
});

describe('summaryOf', () => {
  it('is the summary of the finding, and names each service that explains a part of it', () => {
    expect(summaryOf({ summary: 'slow', explainedBy: [] })).toBe('slow');
    const text = summaryOf({ summary: 'slow', explainedBy: ['db', 'node-1'] });
    expect(text.startsWith('slow')).toBe(true);
    expect(text.indexOf('db')).toBeLessThan(text.indexOf('node-1'));
  });
});
