import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const elastic = defineMapping({
  name: 'elastic',
  title: 'Elastic',
  kinds: ['alerts'],
  required: { fields: { rule_name: 'the name of the rule' } },
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Rules of Kibana (Elastic Observability and Security), by a webhook connector.',
    setup: [
      'In *Stack Management*, *Connectors*, create a *Webhook* connector: method POST, URL `https://FAULTLINE/ingest/elastic`, header `Authorization: Bearer TOKEN`.',
      'In each rule, add it as an action for each alert, once when the rule is active and once when it has recovered, with the body below.',
      'Give the rules the tags `service:NAME` and `env:NAME`.',
    ],
    snippet: {
      language: 'json',
      text: `{
  "rule_id": "{{rule.id}}", "alert_id": "{{alert.id}}", "rule_name": "{{rule.name}}", "status": "active", "severity": "critical",
  "reason": "{{context.reason}}", "tags": "{{rule.tags}}", "space": "{{rule.spaceId}}", "date": "{{date}}", "url": "{{rule.url}}"
}
`,
    },
    reads: ['Rule, alert, reason, tags, time and link'],
    ignores: ['Groups of alerts in a summary: choose *For each alert*'],
  },
});
