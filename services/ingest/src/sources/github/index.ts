import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const github = defineMapping({
  name: 'github',
  title: 'GitHub',
  kinds: ['changes'],
  signature: { header: 'x-hub-signature-256', algorithm: 'sha256', encoding: 'hex', prefix: 'sha256=' },
  required: { headers: { 'x-github-event': 'the name of the event, which GitHub sends in this header' } },
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Deployments, releases, workflow runs and pushes of GitHub, signed with the secret of the webhook.',
    setup: [
      'In the settings of the repository or organisation, under *Webhooks*, add a webhook with the payload URL `https://FAULTLINE/ingest/github` and the content type `application/json`.',
      'Set a *Secret*, and put the same into `ingest.signingSecrets` with the source `github`.',
      'Choose the events *Deployment statuses*, *Releases*, *Workflow runs* and *Pushes*.',
    ],
    reads: [
      'Deployments once they are over, with commit, environment and person',
      'Published releases',
      'Successful workflow runs whose names say deploy, release or rollback',
      'Pushes to the default branch, with their commits and files',
    ],
    ignores: [
      'Deployments that have only begun, pushes to other branches, and all other events: the answer names them',
    ],
  },
});
