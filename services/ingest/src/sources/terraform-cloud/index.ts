import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const terraformCloud = defineMapping({
  name: 'terraform-cloud',
  title: 'Terraform Cloud',
  kinds: ['changes'],
  signature: { header: 'x-tfe-notification-signature', algorithm: 'sha512', encoding: 'hex', prefix: '' },
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Runs of HCP Terraform and Terraform Enterprise, signed with the token of the notification.',
    setup: [
      'In the workspace, *Settings*, *Notifications*, create a *Webhook* with the URL `https://FAULTLINE/ingest/terraform-cloud`, a *Token*, and the triggers *Completed* and *Errored*.',
      'Put the token into `ingest.signingSecrets` with the source `terraform-cloud`.',
    ],
    reads: ['Completed and failed runs, with workspace, message and person'],
    ignores: ['Other triggers, and the verification'],
  },
});
