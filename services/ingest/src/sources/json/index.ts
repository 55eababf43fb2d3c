import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const json = defineMapping({
  name: 'json',
  title: 'Generic JSON',
  kinds: ['alerts', 'changes'],
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Alerts and changes in a form of Faultline, for scripts, and for tools whose webhook has a template.',
    setup: [
      'Post the form of the list in [README.md](README.md#a-source-of-your-own) to `https://FAULTLINE/ingest/json`.',
    ],
    snippet: {
      language: 'sh',
      text: `curl https://FAULTLINE/ingest/json -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
  -d '{"alerts":[{"name":"db-1 does not answer","severity":"critical","host":"db-1","environment":"prod"}]}'
`,
    },
    reads: ['Alerts, changes and acknowledgements'],
    ignores: ['Fields that the list does not name'],
  },
});
