import { expect, it } from 'vitest';
import { resolveEntities } from './entity-resolution.ts';
import { publicLabels } from './testing/public-labels.ts';

it.each(publicLabels)('$source', ({ labels, about }) => {
  expect(resolveEntities(labels)).toEqual(about);
});
