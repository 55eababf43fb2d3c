/** Adds the example kind of evidence to a copy of the package, by the steps of CONTRIBUTING.md. */
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../../../..');

export interface ScratchCopy extends Disposable {
  readonly folder: string;
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
  copyFileSync(join(folder, 'src/ranking/testing/example-kind.ts'), join(evidence, 'rate-limit.ts'));
  const list = readFileSync(join(evidence, 'list.ts'), 'utf8');
  const added = list
    .replace(/^import /m, "import { rateLimit } from './rate-limit.ts';\nimport ")
    .replace('export const evidenceKinds = [', 'export const evidenceKinds = [\n  rateLimit,');
  writeFileSync(join(evidence, 'list.ts'), added);
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
