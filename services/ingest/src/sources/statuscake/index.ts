import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const statuscake = defineMapping({
  name: 'statuscake',
  title: 'StatusCake',
  kinds: ['alerts'],
  required: { fields: { Name: 'the name of the test', Status: 'Up or Down' } },
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Tests of StatusCake, by the webhook of a contact group.',
    setup: [
      'In the contact group set the *Webhook URL* `https://FAULTLINE/ingest/statuscake?token=TOKEN`: StatusCake can set no header.',
      'Give the tests the tags `service:NAME` and `env:NAME`.',
    ],
    reads: ['Name, state, status code and tags'],
    ignores: ['The token of StatusCake in the form'],
  },
});
