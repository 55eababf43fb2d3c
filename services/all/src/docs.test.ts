import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { generatedPages } from './docs.ts';

it.each(generatedPages)('$path says what the code says', ({ path, text }) => {
  expect(readFileSync(path, 'utf8')).toBe(text);
});

it('the page about Kubernetes lists the kinds', () => {
  const text = generatedPages.find(({ path }) => path.endsWith('docs/kubernetes.md'))?.text;
  expect(text).toContain('| `deployments.apps` | yes | yes | yes |');
  expect(text).toContain('  leftOut: [namespaces, pods, events,');
});
