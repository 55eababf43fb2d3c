import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const splunk = defineMapping({
  name: 'splunk',
  title: 'Splunk',
  kinds: ['alerts'],
  required: { fields: { search_name: 'the name of the saved search' } },
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Saved searches of Splunk, by the webhook action.',
    setup: [
      'In the alert, add the trigger action *Webhook* with the URL `https://FAULTLINE/ingest/splunk?token=TOKEN`, and allow the address in *Server settings*, *Webhook allow list*.',
      'Let the search return the fields `service`, `host`, `env` and `severity`, and trigger it *For each result*.',
    ],
    reads: ['The first result: its fields are labels'],
    ignores: [
      'The end of the condition, which Splunk does not send: the alert ends after `ingest.mappedAlertExpiryMs`',
    ],
  },
});
