import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const dynatrace = defineMapping({
  name: 'dynatrace',
  title: 'Dynatrace',
  kinds: ['alerts'],
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Problems of Dynatrace, by a custom integration.',
    setup: [
      'In *Settings*, *Integration*, *Problem notifications*, add a *Custom integration* with the webhook URL `https://FAULTLINE/ingest/dynatrace`.',
      'Add the header `Authorization` with `Bearer TOKEN`, and use the payload below.',
      'Switch on *Call webhook if problem is closed*.',
    ],
    snippet: {
      language: 'json',
      text: `{
  "PID": "{PID}", "ProblemID": "{ProblemID}", "ProblemTitle": "{ProblemTitle}", "ProblemSeverity": "{ProblemSeverity}",
  "ProblemImpact": "{ProblemImpact}", "State": "{State}", "ImpactedEntities": {ImpactedEntities}, "Tags": "{Tags}",
  "ProblemURL": "{ProblemURL}"
}
`,
    },
    reads: ['Open, resolved and merged problems, their severity, entities and tags'],
    ignores: [
      'The time of the start, which the placeholders do not offer: the time of receipt stands in',
      'Details and images',
    ],
  },
});
