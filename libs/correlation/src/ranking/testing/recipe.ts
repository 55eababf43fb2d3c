/** Adds the example of CONTRIBUTING.md to a copy of the package, by its own steps. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../../../..');

export interface ScratchCopy extends Disposable {
  readonly folder: string;
}

/** The code of the section "A kind of evidence". */
function exampleOf(contributing: string): string {
  const section = contributing.slice(contributing.indexOf('### A kind of evidence'));
  const [, code = ''] = /```ts\n(.*?)```/s.exec(section) ?? [];
  return code.replaceAll(/^ {3}/gm, '');
}

/** A copy of `libs/correlation` with the example added: the new file, its import, and its place in the list. */
export function copyWithExample(): ScratchCopy {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-recipe-'));
  cpSync(join(root, 'libs/correlation'), folder, {
    recursive: true,
    filter: (path) => !/node_modules|testdata/.test(path),
  });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: join(root, 'tsconfig.base.json'), include: ['src/ranking'], exclude: ['**/*.test.ts'] }),
  );
  const evidence = join(folder, 'src/ranking/evidence');
  writeFileSync(join(evidence, 'throttling.ts'), exampleOf(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')));
  const list = readFileSync(join(evidence, 'list.ts'), 'utf8');
  const added = list
    .replace(/^import /m, "import { throttling } from './throttling.ts';\nimport ")
    .replace('export const evidenceKinds = [', 'export const evidenceKinds = [\n  throttling,');
  writeFileSync(join(evidence, 'list.ts'), added);
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
