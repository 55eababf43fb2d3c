/** The files that are generated from code and protos. `node services/all/src/docs.ts` writes them; a test keeps them up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeSources } from '@faultline/ingest/documents';
import { describeAccess, describeKinds } from '@faultline/kube';
import { describeChannels, describePageSchema } from '@faultline/notifier/documents';
import { describeAnswers } from '@faultline/query';
import { describeConfig, describeErrors } from '@faultline/runtime';
import { errorCatalogues, sections } from './sections.ts';

const root = join(import.meta.dirname, '../../..');

const kubernetesPage = join(root, 'docs/kubernetes.md');

/** The page is written by hand, but for the table between its two marks. */
function withKinds(page: string): string {
  return page.replace(
    /(<!-- kinds -->\n)[\s\S]*?(<!-- end of kinds -->)/,
    (_, begin, end) => `${begin}${describeKinds()}\n${end}`,
  );
}

/** Path and text of each. */
export const generatedPages: readonly { readonly path: string; readonly text: string }[] = [
  { path: join(root, 'docs/config.md'), text: describeConfig(sections) },
  { path: join(root, 'docs/errors.md'), text: describeErrors(errorCatalogues) },
  { path: join(root, 'docs/channels.md'), text: await describeChannels() },
  { path: kubernetesPage, text: withKinds(readFileSync(kubernetesPage, 'utf8')) },
  { path: join(root, 'k8s/components/kube-access/rbac.yaml'), text: describeAccess() },
  { path: join(root, 'docs/schemas/page-v1.schema.json'), text: describePageSchema() },
  ...describeSources().map(({ file, text }) => ({ path: join(root, 'docs/sources', file), text })),
  { path: join(root, 'services/console/src/api/types.generated.ts'), text: describeAnswers() },
];

if (import.meta.main) for (const { path, text } of generatedPages) writeFileSync(path, text);
