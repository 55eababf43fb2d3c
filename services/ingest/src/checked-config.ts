/** The schema of the section with the checks that need the list of sources. */
import { nearest } from '@faultline/runtime';
import { ingestConfig as unchecked } from './config.ts';
import { sourcesOf } from './sources/index.ts';

/** A mapping of the configuration keeps the signature of a built-in source, and a new one has none. */
const signing = sourcesOf({ mappings: [] }).flatMap(({ name, routes }) =>
  routes.some(({ signature }) => signature !== undefined) ? [name] : [],
);

const { signingSecrets } = unchecked.shape;
const checkedSecrets = signingSecrets
  .superRefine((secrets, context) => {
    for (const [index, { source }] of secrets.entries()) {
      if (signing.includes(source)) continue;
      const near = nearest(source, signing);
      const hint = near === null ? signing.join(', ') : `did you mean \`${near}\`?`;
      context.addIssue({ code: 'custom', path: [index, 'source'], message: `a source that signs (${hint})` });
    }
  })
  .describe(signingSecrets.description ?? '');

/** The `ingest` section of the configuration. Every key has a default. A secret of a source that cannot sign is refused. */
export const ingestConfig = unchecked.extend({ signingSecrets: checkedSecrets });
