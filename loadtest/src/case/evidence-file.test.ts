import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inputsOf, keepEvidence, readEvidence } from './evidence-file.ts';

it('reads kept evidence back unchanged, case by case', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-evidence-'));
  try {
    const kept = (name: string) => ({
      case: name,
      system: 's',
      truth: null,
      shiftMs: 5,
      firstHypothesisMs: 900,
      inputs: [],
    });
    keepEvidence(folder, kept('b'));
    keepEvidence(folder, kept('a'));
    expect([...readEvidence(folder)]).toEqual([kept('a'), kept('b')]);
    expect([...readEvidence(folder, 'b')]).toEqual([kept('b')]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('a journal without entries holds no evidence', () => {
  expect(inputsOf([])).toEqual([]);
});
