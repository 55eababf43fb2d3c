import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const datadog = defineMapping({
  name: 'datadog',
  title: 'Datadog',
  kinds: ['alerts'],
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Monitors of Datadog, by the webhook integration.',
    setup: [
      'In *Integrations*, *Webhooks*, add a webhook with the address `https://FAULTLINE/ingest/datadog`.',
      'Use the payload below, and under *Custom Headers* `{"Authorization": "Bearer TOKEN"}`.',
      'Add `@webhook-faultline` to the message of the monitors.',
    ],
    snippet: {
      language: 'json',
      text: `{
  "id": "$ID", "title": "$EVENT_TITLE", "body": "$EVENT_MSG",
  "alert_id": "$ALERT_ID", "alert_type": "$ALERT_TYPE", "alert_transition": "$ALERT_TRANSITION",
  "cycle_key": "$ALERT_CYCLE_KEY", "priority": "$ALERT_PRIORITY", "scope": "$ALERT_SCOPE",
  "tags": "$TAGS", "hostname": "$HOSTNAME", "link": "$LINK", "date": $DATE
}
`,
    },
    reads: [
      'Transition, monitor and alert cycle: a recovery ends the alert that it belongs to',
      'Tags as labels: `service`, `env` and `host` say what the alert is about',
      'Priority P1 to P5 as severity',
    ],
    ignores: ['Tests, and events that are no transition of a monitor', 'Snapshots'],
  },
});
