import { expect, it } from 'vitest';
import type { EvidenceResult } from './evidence.ts';
import { upgradeEvidenceResult, upgradeMissing } from './journal-upgrade.ts';

it.each([
  ['store: unreachable', 'store', 'unreachable', ''],
  ['store: no answer in time', 'store', 'timeout', ''],
  ['store: none', 'store', 'none', ''],
  ['operations: STORE_UNAVAILABLE', 'operations', 'failed', 'STORE_UNAVAILABLE'],
  ['spans: 12 blocks not yet recorded', 'spans', 'behind', '12'],
  ['edges: only the busiest 20000', 'edges', 'truncated', '20000'],
  ['series: only 1500, of each service the fullest', 'series', 'truncated', '1500'],
  ['services: only 24 of 301, those around what alerts name', 'services', 'partial', '24 of 301'],
  ['no evidence yet: alerts, changes and declared edges only', 'evidence', 'none', ''],
  ['evidence: none in yet', 'evidence', 'pending', ''],
  ['metrics: 4 s behind', 'metrics', 'other', '4 s behind'],
  ['something else', '', 'other', 'something else'],
])('%s', (text, part, code, detail) => expect(upgradeMissing(text)).toEqual({ part, code, detail }));

it('a result of an older release is converted, a newer one is left alone', () => {
  const result = (missing: unknown) => ({ questionId: 'q', settled: true, missing }) as EvidenceResult;
  const facts = [{ part: 'store', code: 'unreachable', detail: '' }];
  expect(upgradeEvidenceResult(result(['store: unreachable']))).toEqual(result(facts));
  const newer = result(facts);
  expect(upgradeEvidenceResult(newer)).toBe(newer);
});
