import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const launchdarkly = defineMapping({
  name: 'launchdarkly',
  title: 'LaunchDarkly',
  kinds: ['changes'],
  signature: { header: 'x-ld-signature', algorithm: 'sha256', encoding: 'hex', prefix: '' },
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Changes of feature flags in LaunchDarkly, signed with the secret of the webhook.',
    setup: [
      'In *Integrations*, *Webhooks*, add a webhook with the URL `https://FAULTLINE/ingest/launchdarkly`, *Sign this webhook*, and a policy for the flags of the environments that matter.',
      'Put the secret into `ingest.signingSecrets` with the source `launchdarkly`.',
    ],
    reads: ['Changes of flags: environment, flag, person and comment'],
    ignores: ['Changes of projects, members and segments: the answer names them'],
  },
});
