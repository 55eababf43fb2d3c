import { expect, it } from 'vitest';
import { notifierConfig } from './config.ts';
import { previewRoute } from './preview.ts';
import { incident } from './testing/incident.ts';

const channels = [
  { type: 'console', name: 'day', fallback: 'spare' },
  { type: 'console', name: 'night' },
  { type: 'console', name: 'spare' },
];
const rule = { name: 'quiet', owner: 'shop', expiresAt: '2100-01-01T00:00:00Z', channels: ['night'] };
const routes = [{ channels: ['day'] }];
const preview = (config: object) => previewRoute(incident(), notifierConfig.parse({ channels, ...config }));

it('shows where an incident would go without the rules, and with them', () => {
  expect(preview({ routes })).toEqual({ before: ['day'], after: ['day'], rule: null });
  expect(preview({ routes, routeRules: [rule] })).toEqual({ before: ['day'], after: ['night'], rule: 'quiet' });
  const also = { ...rule, mode: 'also' };
  expect(preview({ routes, routeRules: [also] })).toEqual({ before: ['day'], after: ['day', 'night'], rule: 'quiet' });
});

it('without a route all channels get it that are no fallback', () => {
  expect(preview({}).before).toEqual(['day', 'night']);
});
