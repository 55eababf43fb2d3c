import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const flagsmith = defineMapping({
  name: 'flagsmith',
  title: 'Flagsmith',
  kinds: ['changes'],
  signature: { header: 'x-flagsmith-signature', algorithm: 'sha256', encoding: 'hex', prefix: '' },
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Changes of feature flags in Flagsmith, signed with the secret of the webhook.',
    setup: [
      'In the settings of the environment, *Feature webhooks*, add `https://FAULTLINE/ingest/flagsmith` with a *Secret*.',
      'Put the secret into `ingest.signingSecrets` with the source `flagsmith`.',
    ],
    reads: ['Updated and deleted flags: environment, state and person'],
    ignores: ['Audit logs: the answer names them'],
  },
});
