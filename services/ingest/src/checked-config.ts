/** The schema of the section with the checks that need the list of sources. */
import { nearest } from '@faultline/runtime';
import { ingestConfig as unchecked } from './config.ts';
import { sourcesOf } from './sources/index.ts';

/** The `ingest` section of the configuration. Every key has a default. A secret of a source that cannot sign is refused. */
export const ingestConfig = unchecked.superRefine((config, context) => {
  const signing = sourcesOf(config).flatMap(({ name, routes }) =>
    routes.some(({ signature }) => signature !== undefined) ? [name] : [],
  );
  for (const [index, { source }] of config.signingSecrets.entries()) {
    if (signing.includes(source)) continue;
    const near = nearest(source, signing);
    const hint = near === null ? signing.join(', ') : `did you mean \`${near}\`?`;
    const path = ['signingSecrets', index, 'source'];
    context.addIssue({ code: 'custom', path, message: `a source that signs (${hint})` });
  }
});
