import { expect, it } from 'vitest';
import { fillTemplate } from './document.ts';

it('fills every place, and refuses one that only one side knows', () => {
  expect(fillTemplate('a {{x}} b', { x: '1' })).toBe('a 1 b');
  expect(() => fillTemplate('{{x}} {{y}}', { x: '1' })).toThrow(/names y/);
  expect(() => fillTemplate('{{x}}', { x: '1', z: '2' })).toThrow(/no place for z/);
});
