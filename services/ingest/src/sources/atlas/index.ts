import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const atlas = defineMapping({
  name: 'atlas',
  title: 'Atlas',
  kinds: ['changes'],
  keepsBody: false,
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Database migrations of Atlas.',
    setup: ['Send the output of a migration, as below. Say `service`, `environment` and `actor` in the address.'],
    snippet: {
      language: 'sh',
      text: `atlas migrate apply --env prod --format '{{ json . }}' | curl -sf "https://FAULTLINE/ingest/atlas?environment=prod&service=checkout" \\
  -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d @-
`,
    },
    reads: ['Schema, versions and the descriptions of the migrations'],
    ignores: [
      'Runs without migrations',
      'Statements and addresses of databases: they may hold secrets. Only what the mapping takes out is stored, never the body',
    ],
  },
});
