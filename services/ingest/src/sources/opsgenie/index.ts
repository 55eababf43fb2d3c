/** Opsgenie and Jira Service Management Operations: their webhooks, and their alert API, so that what pages them can page Faultline. */
import type { TokenPlace } from '../../authentication/token.ts';
import { readExpression } from '../../mapping/read-expression.ts';
import { mappingRoute } from '../../mapping/route.ts';
import { jsonReply, type Route } from '../../source.ts';
import { defineSource } from '../../source-definition.ts';

const name = 'opsgenie';
const webhook = readExpression(new URL('mapping.jsonata', import.meta.url));
const actions = {
  '': readExpression(new URL('create.jsonata', import.meta.url)),
  '/:identifier/close': readExpression(new URL('close.jsonata', import.meta.url)),
  '/:identifier/acknowledge': readExpression(new URL('acknowledge.jsonata', import.meta.url)),
} as const;

/** Opsgenie's own address, and the one of its successor. */
const bases = ['/v2/alerts', '/jsm/ops/integration/v2/alerts'];
const tokenPlaces: readonly TokenPlace[] = [{ header: 'authorization', prefix: 'GenieKey ' }, 'bearer'];

/** https://docs.opsgenie.com/docs/alert-api: all calls are asynchronous, and answer with the id of the request. */
const replyAccepted: Route['replyAccepted'] = (_outcome, { requestId }) =>
  jsonReply(202, { result: 'Request will be processed', took: 0.001, requestId });

const requiredOfCreate = { fields: { message: 'the title of the alert' } };

const apiRoutes = bases.flatMap((base) =>
  Object.entries(actions).map(([action, expression]) =>
    mappingRoute({
      source: name,
      path: `${base}${action}`,
      expression,
      required: action === '' ? requiredOfCreate : {},
      signal: 'alerts',
      tokenPlaces,
      replyAccepted,
    }),
  ),
);

export const opsgenie = defineSource({
  name,
  title: 'Opsgenie and Jira Service Management',
  kinds: ['alerts'],
  routes: [
    mappingRoute({ source: name, path: '/ingest/opsgenie', expression: webhook, signal: 'alerts' }),
    ...apiRoutes,
  ],
  docs: {
    summary:
      'Webhooks of Opsgenie and JSM Operations, and their create-alert API: a tool that pages Opsgenie pages Faultline with another address.',
    setup: [
      'Tools that page Opsgenie: set the API address `https://FAULTLINE`, and a token of the source `opsgenie` as API key.',
      'For JSM the API address is `https://FAULTLINE/jsm/ops/integration`.',
      'Opsgenie itself: add an integration *Webhook* with the URL `https://FAULTLINE/ingest/opsgenie` and the header `Authorization: Bearer TOKEN`. Choose *Add alert description* and *Add alert details*.',
    ],
    snippet: {
      language: 'sh',
      text: `curl https://FAULTLINE/v2/alerts -H "Authorization: GenieKey $TOKEN" -H 'Content-Type: application/json' \\
  -d '{"message": "Checkout fails", "alias": "checkout-errors", "priority": "P1", "tags": ["service:checkout", "env:prod"]}'
`,
    },
    reads: [
      'Created and closed alerts, and acknowledgements of people',
      'Tags and details as labels; `entity` is the service where no label names it',
      'Priority: P1 is critical, P2 an error, P3 a warning (*Moderate*), P4 and P5 info. Opsgenie sends P3 where nobody chose one. A call without a priority is an error',
      'The calls create, close and acknowledge, the last two by alias',
    ],
    ignores: ['Notes, escalations and assignments: the answer names them', 'Responders: Faultline routes by owner'],
  },
});
