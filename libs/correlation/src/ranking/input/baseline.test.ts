import { emptyEvidenceResult } from '@faultline/model';
import { expect, it } from 'vitest';
import { hasBaseline } from './baseline.ts';

const answer = { ...emptyEvidenceResult, slices: [{ fromMs: 1000, toMs: 5000 }] };

it('an incident that began before the baseline ends has nothing to be compared with', () => {
  expect(hasBaseline({ answer, startedAtMs: 5000 })).toBe(true);
  expect(hasBaseline({ answer, startedAtMs: 4999 })).toBe(false);
});

it('before evidence is in, nothing is missing yet', () => {
  expect(hasBaseline({ answer: null, startedAtMs: 0 })).toBe(true);
  expect(hasBaseline({ answer: emptyEvidenceResult, startedAtMs: 0 })).toBe(true);
});
