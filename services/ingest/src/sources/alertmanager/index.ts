/** Alertmanager's webhook, and its API for Prometheus and other rulers. */
import { type Json, scalarText } from '../../field.ts';
import { defineSource } from '../../source-definition.ts';
import { apiPages, apiRoutes } from './api-v2.ts';
import { webhookRoute } from './webhook.ts';

const name = 'alertmanager';
const urlOf = (body: Json) => scalarText(body['generatorURL']);

export const alertmanager = defineSource({
  name,
  title: 'Prometheus and Alertmanager',
  kinds: ['alerts'],
  routes: [
    webhookRoute({
      source: name,
      path: '/ingest/alertmanager',
      expiresAfterMs: (_item, _request, { config }) => config.alertExpiryMs.alertmanager,
      urlOf,
    }),
    ...apiRoutes({ source: name, urlOf }),
  ],
  pages: apiPages,
  docs: {
    summary:
      'Webhooks of Prometheus Alertmanager, version 4. Prometheus and the rulers of Loki, Mimir and VictoriaMetrics can also send straight to Faultline, as to an Alertmanager (API v2).',
    setup: [
      'Add a receiver with a `webhook_configs` entry to the configuration of Alertmanager, and route alerts to it.',
      'Or let Prometheus send by itself: add Faultline to `alerting.alertmanagers`, as below. Prometheus may send to both.',
      'For Loki and Mimir set `alertmanager_url: https://FAULTLINE/ingest/alertmanager`, for vmalert `-notifier.url`.',
      'With the webhook, set `send_resolved: true`, the default, so that incidents end when their alerts do.',
    ],
    snippet: {
      language: 'yaml',
      text: `# alertmanager.yml
receivers:
  - name: faultline
    webhook_configs:
      - url: https://FAULTLINE/ingest/alertmanager
        send_resolved: true
        http_config:
          authorization:
            credentials_file: /etc/alertmanager/faultline-token

# prometheus.yml, without an Alertmanager between
alerting:
  alertmanagers:
    - scheme: https
      path_prefix: /ingest/alertmanager
      authorization:
        credentials_file: /etc/prometheus/faultline-token
      static_configs:
        - targets: [FAULTLINE]
`,
    },
    reads: [
      'Each alert of the group: labels, annotations, times, fingerprint, link',
      'Labels of replicas are left out, so two Prometheus servers give one alert (`ingest.replicaLabels`)',
    ],
    ignores: [
      'The API v1 of Alertmanager, which Alertmanager itself has removed: it is answered 410',
      'Silences that clients post: use those of Alertmanager',
      '`groupLabels` and `commonLabels`, which repeat the labels of the alerts',
      'Alerts beyond `max_alerts`',
    ],
  },
});
