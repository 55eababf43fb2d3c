import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const unleash = defineMapping({
  name: 'unleash',
  title: 'Unleash',
  kinds: ['changes'],
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Changes of feature flags in Unleash, by the webhook integration.',
    setup: [
      'In *Integrations*, add a *Webhook* with the URL `https://FAULTLINE/ingest/unleash`, the content type `application/json` and the body below; under *Authorization* `Bearer TOKEN`.',
      'Choose the events *feature-environment-enabled*, *feature-environment-disabled*, *feature-strategy-update* and others that matter.',
    ],
    snippet: {
      language: 'json',
      text: `{{{ json event }}}
`,
    },
    reads: ['Events of features, with environment, flag and person'],
    ignores: ['Other events: the answer names them'],
  },
});
