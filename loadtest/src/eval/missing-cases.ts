/** Whether the folders of a command line have cases. A message is more help than the stack trace of a missing folder. */
import { existsSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import type { EvalOptions } from './options.ts';

const hint = 'Use --cases DIR --truth DIR, or --generated-only --generated 1-26.';

/** What to tell the user when there is nothing to run. Null: there are cases, or kept evidence is ranked. */
export function missingCases(
  options: Pick<EvalOptions, 'cases' | 'truth' | 'evidence' | 'generated' | 'generated-only'>,
): string | null {
  if (options.evidence !== undefined) return null;
  if (options['generated-only']) return options.generated === '' ? `No generated cases. ${hint}` : null;
  if (!hasFile(options.cases, (name) => name === 'case.json')) return `No labelled cases in ${options.cases}. ${hint}`;
  return hasFile(options.truth, (name) => name.endsWith('.json')) ? null : `No labels in ${options.truth}. ${hint}`;
}

function hasFile(folder: string, isOne: (name: string) => boolean): boolean {
  return (
    existsSync(folder) &&
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).some((path) => isOne(basename(path)))
  );
}
