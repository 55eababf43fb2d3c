import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const newRelic = defineMapping({
  name: 'new-relic',
  title: 'New Relic',
  kinds: ['alerts'],
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Issues of New Relic, by a workflow with a webhook.',
    setup: [
      'In *Alerts*, *Destinations*, add a *Webhook* with the endpoint `https://FAULTLINE/ingest/new-relic` and the authorization *Bearer token*.',
      'In *Workflows*, send issues to the destination with the default template, and add `"tags": {{ json accumulations.tag }}` where services have tags.',
    ],
    reads: ['State, priority, times, condition, policy and the first impacted entity'],
    ignores: ['Further impacted entities: the link shows them'],
  },
});
