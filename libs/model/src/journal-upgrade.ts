/** Reads what older releases wrote into journals: until 0.1.0 missing evidence was a list of texts. */
import type { EvidenceResult, MissingCode, MissingEvidence } from './evidence.ts';

/** Texts that releases up to 0.1.0 wrote after `part: `, with the code they stand for. A group is the detail. */
const oldTexts: readonly (readonly [RegExp, MissingCode])[] = [
  [/^unreachable$/, 'unreachable'],
  [/^no answer in time$/, 'timeout'],
  [/^([A-Z]+_[A-Z_]+)$/, 'failed'],
  [/^(\d+) blocks not yet recorded$/, 'behind'],
  [/^only the busiest (\d+)$/, 'truncated'],
  [/^only (\d+), of each service the fullest$/, 'truncated'],
  [/^only (\d+ of \d+), those around what alerts name$/, 'partial'],
  [/^none$/, 'none'],
  [/^none in yet$/, 'pending'],
];
const oldTextWithoutEvidence = 'no evidence yet: alerts, changes and declared edges only';

/** One entry of a list of missing evidence, whichever release wrote it. */
export function upgradeMissing(missing: MissingEvidence | string): MissingEvidence {
  if (typeof missing !== 'string') return missing;
  if (missing === oldTextWithoutEvidence) return { part: 'evidence', code: 'none', detail: '' };
  const [, part = '', text = missing] = /^(\w+): (.*)$/.exec(missing) ?? [];
  for (const [pattern, code] of oldTexts) {
    const match = pattern.exec(text);
    if (match !== null) return { part, code, detail: match[1] ?? '' };
  }
  return { part, code: 'other', detail: text };
}

/** A journaled result as this release reads it. Returns the same object when there is nothing to convert. */
export function upgradeEvidenceResult(result: EvidenceResult): EvidenceResult {
  const missing: readonly (MissingEvidence | string)[] = result.missing;
  return missing.some((entry) => typeof entry === 'string')
    ? { ...result, missing: missing.map(upgradeMissing) }
    : result;
}
