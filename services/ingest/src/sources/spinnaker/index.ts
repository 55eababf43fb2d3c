import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const spinnaker = defineMapping({
  name: 'spinnaker',
  title: 'Spinnaker',
  kinds: ['changes'],
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Pipelines of Spinnaker, by a REST endpoint of Echo.',
    setup: ['Add the endpoint to `echo-local.yml`, as below.'],
    snippet: {
      language: 'yaml',
      text: `rest:
  enabled: true
  endpoints:
    - wrap: false
      url: https://FAULTLINE/ingest/spinnaker
      headers:
        Authorization: Bearer TOKEN
`,
    },
    reads: ['Completed and failed pipelines with user, parameters and the first artifact'],
    ignores: ['Stages, tasks and the start of pipelines: the answer names them'],
  },
});
