import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const honeycomb = defineMapping({
  name: 'honeycomb',
  title: 'Honeycomb',
  kinds: ['alerts'],
  tokenPlaces: ['bearer', { header: 'x-honeycomb-webhook-token' }],
  required: { fields: { name: 'the name of the trigger' } },
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Triggers and burn alerts of Honeycomb, by a webhook recipient.',
    setup: [
      'In *Team Settings*, *Integrations*, add a *Webhook* with the URL `https://FAULTLINE/ingest/honeycomb` and the token as *Shared Secret*.',
      'Group the triggers by `service.name` and `deployment.environment`.',
    ],
    reads: ['State, name, and the fields of the first group as labels'],
    ignores: ['Tests', 'Groups after the first'],
  },
});
