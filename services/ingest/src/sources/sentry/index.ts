import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const sentry = defineMapping({
  name: 'sentry',
  title: 'Sentry',
  kinds: ['alerts'],
  signature: { header: 'sentry-hook-signature', algorithm: 'sha256', encoding: 'hex', prefix: '' },
  required: { headers: { 'sentry-hook-resource': 'the kind of the event, which Sentry sends in this header' } },
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Issue alerts and metric alerts of Sentry, signed with the secret of an internal integration.',
    setup: [
      'In *Settings*, *Developer Settings*, create an *Internal Integration* with the Webhook URL `https://FAULTLINE/ingest/sentry`, and switch on *Alert Rule Action* and the webhook *issue*.',
      'Put its *Client Secret* into `ingest.signingSecrets` with the source `sentry`.',
      'In the alert rules, add the action *Send a notification via* with the integration.',
    ],
    reads: [
      'Issue alerts with project, environment, release and tags',
      'Metric alerts with their end',
      'Issues that were resolved or archived, which ends their alerts',
    ],
    ignores: ['Comments, assignments and installations: the answer names them'],
  },
});
