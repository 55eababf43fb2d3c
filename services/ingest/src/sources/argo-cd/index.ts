import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const argoCd = defineMapping({
  name: 'argo-cd',
  title: 'Argo CD and Argo Rollouts',
  kinds: ['changes'],
  required: { fields: { app: 'the name of the application', phase: 'the phase of the sync' } },
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Syncs of Argo CD and steps of Argo Rollouts, by their notifications.',
    setup: [
      'Add the service, the template and the trigger below to `argocd-notifications-cm` (Rollouts: `argo-rollouts-notification-configmap`), and the token to the secret beside it.',
      'Subscribe: annotate the Application (or its project) with `notifications.argoproj.io/subscribe.on-faultline.faultline: ""`.',
      'Label the Application with `environment`.',
    ],
    snippet: {
      language: 'yaml',
      text: `service.webhook.faultline: |
  url: https://FAULTLINE/ingest/argo-cd
  headers:
    - name: Authorization
      value: Bearer $faultline-token
    - name: Content-Type
      value: application/json
template.faultline: |
  webhook:
    faultline:
      method: POST
      body: |
        {"app": {{toJson .app.metadata.name}}, "project": {{toJson .app.spec.project}},
         "namespace": {{toJson .app.spec.destination.namespace}}, "cluster": {{toJson .app.spec.destination.name}},
         "environment": {{with .app.metadata.labels}}{{toJson (index . "environment")}}{{else}}null{{end}},
         "revision": {{with .app.status.operationState.syncResult}}{{if .revision}}{{toJson .revision}}{{else if .revisions}}{{toJson (index .revisions 0)}}{{else}}null{{end}}{{else}}null{{end}},
         "phase": {{toJson .app.status.operationState.phase}},
         "startedAt": {{toJson .app.status.operationState.startedAt}},
         "finishedAt": {{toJson .app.status.operationState.finishedAt}},
         "repository": {{if .app.spec.source}}{{toJson .app.spec.source.repoURL}}{{else if .app.spec.sources}}{{toJson (index .app.spec.sources 0).repoURL}}{{else}}null{{end}},
         "images": {{with .app.status.summary}}{{toJson .images}}{{else}}null{{end}},
         "user": {{with .app.status.operationState.operation}}{{with .initiatedBy}}{{toJson .username}}{{else}}null{{end}}{{else}}null{{end}},
         "url": "{{.context.argocdUrl}}/applications/{{.app.metadata.name}}"}
trigger.on-faultline: |
  - when: app.status.operationState.phase in ['Succeeded', 'Failed', 'Error']
    oncePer: app.status.operationState.finishedAt
    send: [faultline]
`,
    },
    reads: [
      'Finished syncs: application, commit, images, environment, person and times',
      'Of an Application with several sources, the repository and commit of the first',
    ],
    ignores: ['Health without a sync: alerts and telemetry say that'],
  },
});
