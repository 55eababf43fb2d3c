import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const jenkins = defineMapping({
  name: 'jenkins',
  title: 'Jenkins',
  kinds: ['changes'],
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Jobs of Jenkins that deploy, by the Notification plugin.',
    setup: [
      'Install the *Notification* plugin. In the job, under *Job Notifications*, add an endpoint: format JSON, protocol HTTP, event *All Events*, URL `https://FAULTLINE/ingest/jenkins?token=TOKEN`.',
      'Give the job the parameters `SERVICE`, `ENVIRONMENT` and `VERSION`, or a name such as `checkout-deploy`.',
    ],
    reads: ['Finished jobs whose name says deploy, release, rollback or promote, or with the parameter `ENVIRONMENT`'],
    ignores: ['Other phases and jobs: the answer names them'],
  },
});
