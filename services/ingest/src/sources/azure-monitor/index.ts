import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const azureMonitor = defineMapping({
  name: 'azure-monitor',
  title: 'Azure Monitor',
  kinds: ['alerts'],
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Action groups of Azure Monitor, in the common alert schema.',
    setup: [
      'In the action group add an action of the type *Webhook* with the URI `https://FAULTLINE/ingest/azure-monitor?token=TOKEN`: Azure can set no header.',
      'Set *Enable the common alert schema* to *Yes*.',
      'To name service and environment, add them to the *Custom properties* of the rule.',
    ],
    reads: ['Rule, severity, condition, times and the resource of the alert', 'Custom properties as labels'],
    ignores: [
      'Other schemas: the answer says what to switch on',
      '`alertContext`, which differs by the kind of signal',
    ],
  },
});
