import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const terraformPlan = defineMapping({
  name: 'terraform-plan',
  title: 'Terraform plans',
  kinds: ['changes'],
  keepsBody: false,
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Plans of Terraform and OpenTofu that are applied without Terraform Cloud.',
    setup: [
      'After `terraform apply PLAN`, send the plan, as below.',
      'Say `environment`, `service`, `actor` and `url` in the address.',
    ],
    snippet: {
      language: 'sh',
      text: `terraform show -json plan.out | jq '{format_version, terraform_version, timestamp, resource_changes: [.resource_changes[] | {address, change: {actions: .change.actions}}]}' |
  curl -sf "https://FAULTLINE/ingest/terraform-plan?environment=prod&service=checkout&actor=$USER" \\
    -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d @-
`,
    },
    reads: ['The resources that are created, updated or deleted'],
    ignores: ['Values of resources: they may hold secrets. Only what the mapping takes out is stored, never the body'],
  },
});
