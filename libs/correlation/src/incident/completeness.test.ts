import { emptyEvidenceResult, type MissingEvidence } from '@faultline/model';
import { expect, it } from 'vitest';
import { completenessOf, showsAfter } from './completeness.ts';

const entry = (part: string, code: MissingEvidence['code']): MissingEvidence => ({ part, code, detail: '' });

it.each([
  ['full', []],
  ['full', [entry('series', 'truncated'), entry('services', 'partial')]],
  ['partial', [entry('logs', 'behind')]],
  ['partial', [entry('operations', 'failed')]],
  ['unread', [entry('store', 'timeout'), entry('logs', 'behind')]],
  ['unread', [entry('store', 'unreachable')]],
] as const)('a result is %s with %o', (completeness, missing) => {
  expect(completenessOf({ missing })).toBe(completeness);
});

const minuteMs = 60_000;
it.each([
  ['where nothing is missing', {}, true],
  ['where a release did not say how far the recorder was', { missing: [entry('spans', 'behind')] }, true],
  ['recorded a minute later', { recordedUntilMs: { spans: 2 * minuteMs } }, true],
  ['recorded less than a minute later', { recordedUntilMs: { spans: 3 * minuteMs, metrics: 2 * minuteMs - 1 } }, false],
  ['where a part failed', { missing: [entry('operations', 'failed')] }, false],
  ['of a store that could not be read', { missing: [entry('store', 'unreachable')] }, false],
])('a result shows how things are now: %s', (_what, over, expected) => {
  expect(showsAfter({ ...emptyEvidenceResult, ...over }, minuteMs)).toBe(expected);
});
