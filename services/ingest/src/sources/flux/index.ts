import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const flux = defineMapping({
  name: 'flux',
  title: 'Flux',
  kinds: ['changes'],
  signature: { header: 'x-signature', algorithm: 'named', encoding: 'hex', prefix: '' },
  required: {
    fields: { 'involvedObject.kind': 'the kind of the object', 'involvedObject.name': 'the name of the object' },
  },
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Events of Flux, by a provider of the type generic or generic-hmac.',
    setup: [
      'Create the `Provider` and the `Alert` below. With `generic-hmac` the secret holds `token`; put the same into `ingest.signingSecrets` with the source `flux`.',
      'With `generic`, put `Authorization: Bearer TOKEN` into the `headers` of the secret.',
    ],
    snippet: {
      language: 'yaml',
      text: `apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata: {name: faultline, namespace: flux-system}
spec:
  type: generic-hmac
  address: https://FAULTLINE/ingest/flux
  secretRef: {name: faultline}
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata: {name: faultline, namespace: flux-system}
spec:
  providerRef: {name: faultline}
  eventMetadata: {env: prod}
  eventSources:
    - {kind: Kustomization, name: '*'}
    - {kind: HelmRelease, name: '*'}
`,
    },
    reads: ['Applied revisions, and failures to apply one', '`eventMetadata` of the Alert: `env` and `cluster`'],
    ignores: ['Events without a revision'],
  },
});
