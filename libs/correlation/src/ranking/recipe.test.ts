/** The recipe of CONTRIBUTING.md for a kind of evidence works: it is followed in a copy of the package. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { copyWithExample } from './testing/recipe.ts';

/** A service that is slow while its container is throttled. */
const rankExample = `
import { rankHypotheses, weightSpecs } from './src/ranking/index.ts';
import { edge, incident, operation, series } from './src/ranking/testing/fixture.ts';
const rows = {
  operations: operation({ service: 'web', total: [40, 340], self: [5, 305] }),
  edges: edge({ from: 'gateway', to: 'web', total: [40, 340] }),
  series: [series('web', 'container.cpu.throttled', [0.01, 0.9])],
};
const [first] = rankHypotheses(incident('web', rows)).hypotheses;
const { kind, weight } = first.evidence.find((one) => one.kind === 'throttling') ?? {};
console.log(JSON.stringify({ cause: first.cause.service, kind, weight, start: weightSpecs.throttling.start }));
`;

it('a kind that is added by the recipe type-checks, and ranks with its start value', { timeout: 120_000 }, () => {
  using copy = copyWithExample();
  const run = (program: string, ...args: string[]): string =>
    execFileSync(program, args, { cwd: copy.folder, encoding: 'utf8' });
  expect(run(join('node_modules', '.bin', 'tsc'), '-p', 'tsconfig.json')).toBe('');
  writeFileSync(join(copy.folder, 'rank.ts'), rankExample);
  const { cause, kind, weight, start } = JSON.parse(run(process.execPath, 'rank.ts'));
  expect([cause, kind]).toEqual(['web', 'throttling']);
  expect(weight).toBeGreaterThan(0);
  expect(weight).toBeLessThanOrEqual(start);
});
