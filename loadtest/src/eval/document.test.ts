import { expect, it } from 'vitest';
import { fillTemplate } from './document.ts';

it('fills every placeholder, and refuses one without a value or a value without one', () => {
  expect(fillTemplate('a {{x}} b', { x: '1' })).toBe('a 1 b');
  expect(() => fillTemplate('{{x}} {{y}}', { x: '1' })).toThrow(/names y/);
  expect(() => fillTemplate('{{x}}', { x: '1', z: '2' })).toThrow(/no placeholder for z/);
});
