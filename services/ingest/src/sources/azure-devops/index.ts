import { readExpression } from '../../mapping/read-expression.ts';
import { defineMapping } from '../../source-definition.ts';

export const azureDevops = defineMapping({
  name: 'azure-devops',
  title: 'Azure DevOps',
  kinds: ['changes'],
  expression: readExpression(new URL('mapping.jsonata', import.meta.url)),
  docs: {
    summary: 'Deployments of Azure DevOps, by service hooks.',
    setup: [
      'In *Project settings*, *Service hooks*, create a subscription *Web Hooks* for *Release deployment completed* or *Run stage state changed*.',
      'URL `https://FAULTLINE/ingest/azure-devops`; under *Basic authentication* any user name, and the token as password.',
    ],
    reads: [
      'Completed deployments of classic releases',
      'Completed stages whose names say deploy, prod, stag, release or rollback',
    ],
    ignores: ['Builds, pushes and work items: the answer names them'],
  },
});
