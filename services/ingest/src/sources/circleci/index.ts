import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const circleci = defineMapping({
  name: 'circleci',
  title: 'CircleCI',
  kinds: ['changes'],
  signature: { header: 'circleci-signature', algorithm: 'sha256', encoding: 'hex', prefix: 'v1=' },
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Workflows of CircleCI that deploy, signed with the secret of the webhook.',
    setup: [
      'In *Project Settings*, *Webhooks*, add a webhook with the receiver URL `https://FAULTLINE/ingest/circleci`, a *Secret token* and the event *Workflow Completed*.',
      'Put the secret into `ingest.signingSecrets` with the source `circleci`.',
    ],
    reads: ['Successful workflows whose names say deploy, release, rollback or promote'],
    ignores: ['Jobs and other workflows: the answer names them'],
  },
});
