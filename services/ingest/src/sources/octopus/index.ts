import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const octopus = defineMapping({
  name: 'octopus',
  title: 'Octopus Deploy',
  kinds: ['changes'],
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Deployments of Octopus, by a subscription with a webhook.',
    setup: [
      'In *Configuration*, *Subscriptions*, add a subscription for the event categories *Deployment succeeded* and *Deployment failed*.',
      'Payload URL `https://FAULTLINE/ingest/octopus`, header name `Authorization`, header value `Bearer TOKEN`.',
    ],
    reads: ['Succeeded and failed deployments: project, release and environment are read from the message'],
    ignores: ['Other categories: the answer names them'],
  },
});
