import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const awsHealth = defineMapping({
  name: 'aws-health',
  title: 'AWS Health',
  kinds: ['changes'],
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Issues and scheduled changes of AWS, by EventBridge.',
    setup: [
      'In EventBridge, create a *connection* with the authorization *API key*: name `Authorization`, value `Bearer TOKEN`.',
      'Create an *API destination* `https://FAULTLINE/ingest/aws-health`, and a rule with the pattern below and the destination as target.',
    ],
    snippet: {
      language: 'json',
      text: `{"source": ["aws.health"]}
`,
    },
    reads: ['Service, kind, region, status, times and the first affected resource'],
    ignores: ['Events of other AWS services: the answer names them'],
  },
});
