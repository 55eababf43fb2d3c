import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const checkmk = defineMapping({
  name: 'checkmk',
  title: 'Checkmk',
  kinds: ['alerts'],
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Notifications of Checkmk, by a notification script.',
    setup: [
      'Save the script below as `~/local/share/check_mk/notifications/faultline` on the site, and make it executable.',
      'In *Setup*, *Events*, *Notifications*, add a rule with the method *faultline* and the address and token as parameters.',
    ],
    snippet: {
      language: 'sh',
      text: `#!/bin/sh
# Faultline
jq -n 'env | with_entries(select(.key | startswith("NOTIFY_") and (test("PASSWORD|PARAMETER") | not)))' |
  curl -sf "$NOTIFY_PARAMETER_1/ingest/checkmk" -H "Authorization: Bearer $NOTIFY_PARAMETER_2" \\
    -H 'Content-Type: application/json' -d @-
`,
    },
    reads: ['Problems, recoveries and acknowledgements of hosts and services', 'The host label `environment`'],
    ignores: ['Downtimes and the end of flapping: the answer names them'],
  },
});
