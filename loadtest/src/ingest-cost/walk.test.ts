import { expect, it } from 'vitest';
import { bodyOf } from './bodies.ts';
import { countSpans } from './walk.ts';

it.each([
  { spans: 1, resources: 1 },
  { spans: 20, resources: 3 },
  { spans: 250, resources: 100 },
])('finds every span of a request: %o', (shape) => {
  expect(countSpans(bodyOf(shape, 7))).toBe(shape.spans);
});

it('an empty request has none', () => {
  expect(countSpans(new Uint8Array())).toBe(0);
});
