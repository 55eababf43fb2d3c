import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const googleCloudMonitoring = defineMapping({
  name: 'google-cloud-monitoring',
  title: 'Google Cloud Monitoring',
  kinds: ['alerts'],
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Incidents of Google Cloud Monitoring, by a notification channel of the type webhook.',
    setup: [
      'In *Alerting*, *Edit notification channels*, add a *Webhook* with the URL `https://FAULTLINE/ingest/google-cloud-monitoring`.',
      'Choose *Use HTTP Basic Auth* with any user name and the token as password.',
      'Add the user labels `service` and `environment` to the alerting policies.',
    ],
    reads: ['State, severity, times, resource and policy', 'Labels of the resource, the metric and the policy'],
    ignores: ['Tests of the channel'],
  },
});
