import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const gitlab = defineMapping({
  name: 'gitlab',
  title: 'GitLab',
  kinds: ['changes'],
  tokenPlaces: ['bearer', { header: 'x-gitlab-token' }],
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Deployments and releases of GitLab, by a webhook.',
    setup: [
      'In *Settings*, *Webhooks*, add a webhook with the URL `https://FAULTLINE/ingest/gitlab` and the token as *Secret token*.',
      'Choose the triggers *Push events*, *Deployment events* and *Releases events*.',
    ],
    reads: [
      'Deployments once they are over, with environment, commit and person',
      'Created releases',
      'Pushes to the default branch, with their commits and files',
    ],
    ignores: ['Deployments that have only begun, pipelines, jobs and pushes to other branches: the answer names them'],
  },
});
