/** The core is pure: what it imports and what it calls. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { playScenario } from './testing/scenario.ts';

const root = import.meta.dirname;
const productFiles = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !/testing|testdata/.test(file),
);

it('there is something to look at', () => expect(productFiles.length).toBeGreaterThan(30));

it.each(productFiles)('%s imports the model and its own folder only, and has no promises', (file) => {
  const text = readFileSync(join(root, file), 'utf8');
  const imported = [...text.matchAll(/from '([^']+)'/g)].map((match) => match[1] ?? '');
  expect(imported.filter((name) => name !== '@faultline/model' && !/^\.\.?\//.test(name))).toEqual([]);
  expect(text).not.toMatch(
    /\basync\b|\bawait\b|\bPromise\b|\bDate\b|Math\.random|setTimeout|setInterval|performance\./,
  );
});

const forbidden = () => {
  throw new Error('the core asked for the time, a timer or a random number');
};
beforeEach(() => {
  vi.spyOn(Date, 'now').mockImplementation(forbidden);
  vi.spyOn(Math, 'random').mockImplementation(forbidden);
  vi.stubGlobal('setTimeout', forbidden);
  vi.stubGlobal('setInterval', forbidden);
  vi.stubGlobal('queueMicrotask', forbidden);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it('a whole storm is played without clock, timer or randomness', () => {
  const storm = readFileSync(join(root, 'testdata', 'storm.txt'), 'utf8');
  let played = '';
  expect(() => {
    played = playScenario(storm);
  }).not.toThrow();
  expect(played).toContain('PUBLISH #1');
});
