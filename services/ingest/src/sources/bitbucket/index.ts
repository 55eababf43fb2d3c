import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const bitbucket = defineMapping({
  name: 'bitbucket',
  title: 'Bitbucket',
  kinds: ['changes'],
  signature: { header: 'x-hub-signature', algorithm: 'named', encoding: 'hex', prefix: '' },
  required: { headers: { 'x-event-key': 'the name of the event, which Bitbucket sends in this header' } },
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Pushes and pipelines of Bitbucket Cloud, signed with the secret of the webhook.',
    setup: [
      'In *Repository settings*, *Webhooks*, add a webhook with the URL `https://FAULTLINE/ingest/bitbucket` and a *Secret*.',
      'Put the secret into `ingest.signingSecrets` with the source `bitbucket`.',
      'Choose the triggers *Push* and *Build status updated*.',
    ],
    reads: [
      'Pushes to main, master or production',
      'Successful build statuses whose names say deploy, release or rollback',
    ],
    ignores: ['Everything else: the answer names it'],
  },
});
