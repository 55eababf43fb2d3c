/**
 * PagerDuty's Events API, so that anything that can page PagerDuty can page Faultline, and PagerDuty's own webhooks. The routing key is a
 * credential: with authentication on it is the sender's token. It is never stored or printed.
 */
import { defineSource } from '../../source-definition.ts';
import { changeEnqueue } from './change-enqueue.ts';
import { createEvent, enqueue } from './enqueue.ts';
import { webhook } from './webhook.ts';

export const pagerduty = defineSource({
  name: 'pagerduty',
  title: 'PagerDuty',
  kinds: ['alerts', 'changes'],
  routes: [enqueue, createEvent, changeEnqueue, webhook],
  docs: {
    summary: 'The Events API, versions 1 and 2, change events, and the v3 webhooks of PagerDuty itself.',
    setup: [
      'Tools that page PagerDuty: set the address `https://FAULTLINE/v2/enqueue`, and a token of the source `pagerduty` as routing key.',
      'PagerDuty itself: add a *Generic webhook (v3)* with the address `https://FAULTLINE/ingest/pagerduty`.',
      'Put the secret that PagerDuty shows once into `ingest.signingSecrets`, or add the header `Authorization: Bearer TOKEN`.',
    ],
    snippet: {
      language: 'sh',
      text: `curl https://FAULTLINE/v2/enqueue -H 'Content-Type: application/json' -d '{
  "routing_key": "TOKEN", "event_action": "trigger", "dedup_key": "checkout-errors",
  "payload": {"summary": "Checkout fails", "source": "checkout", "severity": "critical"}}'
`,
    },
    reads: [
      'Triggers and resolutions as alerts, acknowledgements as acknowledgements of the incident',
      'Labels in `custom_details`: fields, objects, lists, tags, and the texts of Alertmanager and Grafana',
      'Change events as changes',
    ],
    ignores: [
      'Fields that Alertmanager and Grafana fill in by themselves',
      'Webhooks about incidents that Faultline opened',
    ],
  },
});
