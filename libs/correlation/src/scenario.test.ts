/** Golden scenarios. `UPDATE_GOLDEN=1 npx vitest run libs/correlation` rewrites them: commit the difference only if you understand it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { playedScenario, playScenario } from './testing/scenario.ts';

const folder = join(import.meta.dirname, 'testdata');

it.each(readdirSync(folder).filter((file) => file.endsWith('.txt')))('%s', (file) => {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  const played = playScenario(text, file);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, played);
  else expect(played).toBe(text);
});

it.each([
  ['at 1s alert checkout Slow severty=warning', '"severty=warning": expected fp=, node='],
  ['at 1s alert checkout Slow severity=bad', '"severity=bad": expected critical, error, warning, info'],
  ['at 1s alert checkout Slow reslved', '"reslved": expected resolved'],
  ['at 1s alert checkout', 'a word is missing: expected NAME'],
  ['at 1s alert checkout Slow start=5', '"start=5": expected a time such as'],
  ['at 1s allert checkout Slow', '"allert": expected alert, answer'],
  ['at 1s acknowledge #2', '"#2": expected an incident that has appeared'],
  ['at 1s answer #2 settled', '"#2": expected settled, or an incident'],
  ['at 1s answer edges=a-b', '"edges=a-b": expected CALLER->CALLEE'],
  ['at 1s change checkout v1 v2', '"v2": expected the end of the line'],
  ['at 1s pin #1 checkout slow', '"slow": expected cpu, memory'],
  ['at 1s config resolveHold=1', '"resolveHold=1": expected holdBudgetMs='],
  ['at 1s config resolveHoldMs=[]', '"resolveHoldMs=[]": expected a JSON number'],
  ['at 0s alert checkout Slow', '"0s": expected 0.5s or later'],
  ['+1s member #1', '"+1s": expected "at TIME COMMAND"'],
])('a typing error names file, line and what is expected: %s', (line, message) => {
  const opening = '# Comment\nat 0s alert db Slow\n----\nnothing\n\nat 0.5s\n';
  expect(() => playedScenario(`${opening}${line}\n`, 'some.txt')).toThrow(`some.txt:7: ${message}`);
});
