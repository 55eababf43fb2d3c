/** The recipe of CONTRIBUTING.md for a kind of evidence works: it is followed in a copy of the package. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { copyWithExample } from './testing/recipe.ts';

/** A service that fails its callers because it rejects requests beyond its rate limit. */
const rankExample = `
import { rankHypotheses, weightSpecs } from './src/ranking/index.ts';
import { edge, incident, operation, series } from './src/ranking/testing/fixture.ts';
const metric = 'http.server.requests.rate_limited';
const rows = {
  operations: operation({ service: 'web', self: [5, 5], errors: [0, 60], ownErrors: [0, 60] }),
  edges: edge({ from: 'gateway', to: 'web', errors: [0, 60] }),
  series: [series('web', metric, [1, 60])],
};
const [first] = rankHypotheses(incident('web', rows)).hypotheses;
const { kind, weight } = first.evidence.find((one) => one.kind === 'rate-limit') ?? {};
const readers = first.evidence.filter(({ source }) => JSON.stringify(source).includes(metric)).map((one) => one.kind);
console.log(JSON.stringify({ cause: first.cause.service, kind, weight, readers, start: weightSpecs.rateLimit.start }));
`;

it('a kind that is added by the recipe type-checks, and ranks with its start value', { timeout: 120_000 }, () => {
  using copy = copyWithExample();
  const run = (program: string, ...args: string[]): string =>
    execFileSync(program, args, { cwd: copy.folder, encoding: 'utf8' });
  expect(run(join('node_modules', '.bin', 'tsc'), '-p', 'tsconfig.json')).toBe('');
  writeFileSync(join(copy.folder, 'rank.ts'), rankExample);
  const { cause, kind, weight, readers, start } = JSON.parse(run(process.execPath, 'rank.ts'));
  expect([cause, kind]).toEqual(['web', 'rate-limit']);
  expect(readers, 'kinds that count the same series').toEqual(['rate-limit']);
  expect(weight).toBeGreaterThan(0);
  expect(weight).toBeLessThanOrEqual(start);
});
