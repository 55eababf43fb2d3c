/** The two pages of docs/ that are made from code: `node services/all/src/docs.ts` writes them, a test holds them equal. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeConfig, describeErrors } from '@faultline/runtime';
import { errorCatalogues, sections } from './sections.ts';

const folder = join(import.meta.dirname, '../../../docs');

/** Path and text of each page. */
export const generatedPages: readonly { readonly path: string; readonly text: string }[] = [
  { path: join(folder, 'config.md'), text: describeConfig(sections) },
  { path: join(folder, 'errors.md'), text: describeErrors(errorCatalogues) },
];

if (import.meta.main) for (const { path, text } of generatedPages) writeFileSync(path, text);
