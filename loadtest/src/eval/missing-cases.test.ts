import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { missingCases } from './missing-cases.ts';
import { parseOptions } from './options.ts';

describe('a command line without cases', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-cases-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const missing = (...args: string[]): string | null => missingCases(parseOptions(args));

  it('names the folder, and what to use', () => {
    expect(missing('--cases', folder)).toBe(
      `No labelled cases in ${folder}. Use --cases DIR --truth DIR, or --generated-only --generated 1-26.`,
    );
    expect(missing('--cases', join(folder, 'none'))).toMatch(/^No labelled cases in/);
    expect(missing('--generated-only')).toMatch(/^No generated cases\./);
  });

  it('is told from one that has cases', () => {
    writeFileSync(join(folder, 'case.json'), '{}');
    expect(missing('--cases', folder, '--truth', join(folder, 'none'))).toMatch(/^No labels in/);
    expect(missing('--cases', folder, '--truth', folder)).toBeNull();
    expect(missing('--generated-only', '--generated', '1-26')).toBeNull();
    expect(missing('--evidence', folder)).toBeNull();
  });
});
