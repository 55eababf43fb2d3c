import { expect, it } from 'vitest';
import { describeFailures } from './failed-tests.ts';

it('names a test, the head of its message and the place', () => {
  const error = {
    name: 'AssertionError',
    message: '\u001b[31mexpected 1 to be 2\u001b[39m\n\n- 2\n+ 1\nmore\nand more',
    stacks: [{ file: 'a.test.ts', line: 3, column: 1, method: '' }],
  };
  expect(describeFailures([{ name: 'a.test.ts > adds', errors: [error] }])).toBe(
    [
      'FAILED a.test.ts > adds',
      '    AssertionError: expected 1 to be 2',
      '    - 2',
      '    + 1',
      '    more',
      '    at a.test.ts:3',
      '',
    ].join('\n'),
  );
});

it('cuts what one failure may fill', () => {
  const text = describeFailures([{ name: 'x', errors: [{ message: `${'y'.repeat(1000)}\n`.repeat(100) }] }]);
  const lines = text.trimEnd().split('\n');
  expect(lines).toHaveLength(5);
  expect(Math.max(...lines.map((line) => line.length))).toBe(240);
});
