import { expect, it } from 'vitest';
import { notRun, refuted, survived } from './refutation.ts';

it.each([
  ['survived', survived],
  ['refuted', refuted],
  ['not-run', notRun],
] as const)('a test that %s keeps its question and what the evidence shows', (outcome, end) => {
  expect(end('Does it?', 'it does')).toEqual({ outcome, test: 'Does it?', how: 'it does' });
});
