/** Grafana's alerting: the envelope of Alertmanager, with values and links of its own. */
import { isJsonObject, type Json, scalarText } from '../../field.ts';
import { defineSource } from '../../source-definition.ts';
import type { Item } from '../alertmanager/alert.ts';
import { webhookRoute } from '../alertmanager/webhook.ts';

const name = 'grafana';

/** Fields of an alert, by the annotation that keeps them. */
const links = {
  grafana_dashboard_url: 'dashboardURL',
  grafana_panel_url: 'panelURL',
  grafana_silence_url: 'silenceURL',
  grafana_image_url: 'imageURL',
} as const;

/** Values, links and the organisation as annotations: they are shown and do not change the identity of the alert. */
function withExtras(item: Item): Item {
  const { body, envelope } = item;
  const values = valuesText(body['values']) || scalarText(body['valueString']);
  const found = Object.entries(links).map(([annotation, field]) => [annotation, scalarText(body[field])] as const);
  const extras = [
    ...found,
    ['grafana_values', values],
    ['grafana_org', scalarText(body['orgId'] ?? envelope['orgId'])],
  ];
  const annotations = Object.fromEntries(extras.filter(([, value]) => value !== ''));
  return { ...item, annotations: { ...annotations, ...item.annotations } };
}

/** `A=0.06, B=3`: what the expressions of the rule gave. */
function valuesText(values: unknown): string {
  if (!isJsonObject(values)) return '';
  return Object.entries(values)
    .slice(0, 20)
    .map(([reference, value]) => `${reference}=${scalarText(value)}`)
    .join(', ');
}

/** The panel shows what is wrong; the rule is one step further away. */
function urlOf(body: Json): string {
  return (
    ['panelURL', 'dashboardURL', 'generatorURL'].map((field) => scalarText(body[field])).find((url) => url !== '') ?? ''
  );
}

export const grafana = defineSource({
  name,
  title: 'Grafana alerting',
  kinds: ['alerts'],
  routes: [
    webhookRoute({
      source: name,
      path: '/ingest/grafana',
      expiresAfterMs: (_item, _request, { config }) => config.mappedAlertExpiryMs,
      extend: withExtras,
      urlOf,
    }),
  ],
  signature: { header: 'x-grafana-alerting-signature', algorithm: 'sha256', encoding: 'hex', prefix: '' },
  docs: {
    summary: 'Contact points of Grafana alerting, of the type Webhook.',
    setup: [
      'In *Alerting*, *Contact points*, add one with the integration *Webhook* and the URL `https://FAULTLINE/ingest/grafana`.',
      'Under *Optional Webhook settings* set *Authorization Header - Scheme* to `Bearer` and *Credentials* to the token.',
      'Or set an *HMAC Signature* secret (Grafana 12), and put the same into `ingest.signingSecrets`.',
      'Route the notification policies to the contact point.',
    ],
    snippet: {
      language: 'yaml',
      text: `# provisioning/alerting/faultline.yaml
apiVersion: 1
contactPoints:
  - orgId: 1
    name: faultline
    receivers:
      - uid: faultline
        type: webhook
        settings:
          url: https://FAULTLINE/ingest/grafana
          authorization_scheme: Bearer
          authorization_credentials: $FAULTLINE_TOKEN
`,
    },
    reads: [
      'Each alert of the group: labels, annotations, times, fingerprint',
      'The values of the rule, the organisation, and the links to panel, dashboard, silence and image',
      'The states NoData and Error, which carry the name of the rule',
    ],
    ignores: ['`title`, `state` and `message`, which repeat the alerts'],
  },
});
