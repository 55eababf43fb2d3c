import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const flyway = defineMapping({
  name: 'flyway',
  title: 'Flyway',
  kinds: ['changes'],
  keepsBody: false,
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Database migrations of Flyway.',
    setup: [
      'Send the output of a migration, as below. Say `service`, `environment` and `actor` in the address.',
      'Liquibase has no output of this kind: send a change with `infra/cli/faultline.sh` after it.',
    ],
    snippet: {
      language: 'sh',
      text: `flyway migrate -outputType=json | curl -sf "https://FAULTLINE/ingest/flyway?environment=prod&service=checkout" \\
  -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d @-
`,
    },
    reads: ['Database, versions and the descriptions of the migrations'],
    ignores: [
      'Runs without migrations',
      'Statements and addresses of databases: they may hold secrets. Only what the mapping takes out is stored, never the body',
    ],
  },
});
