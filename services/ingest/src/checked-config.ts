/** The schema of the section with the checks that need the list of sources. */
import { nearest } from '@faultline/runtime';
import { type IngestConfig, ingestConfig as unchecked } from './config.ts';
import { groupOf } from './kafka-config.ts';
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

/**
 * The `ingest` section of the configuration. Every key has a default. A secret of a source that cannot sign is refused, and a
 * topic that no source can read.
 */
export const ingestConfig = unchecked
  .extend({ signingSecrets: checkedSecrets })
  .superRefine(({ kafka, mappings }, context) => {
    for (const [index, topic] of kafka.entries())
      for (const { field, message } of topicFlaws(topic, { others: kafka.slice(0, index), mappings }))
        context.addIssue({ code: 'custom', path: ['kafka', index, field], message });
  });

type Topic = IngestConfig['kafka'][number];

function topicFlaws(
  topic: Topic,
  { others, mappings }: { readonly others: readonly Topic[] } & Pick<IngestConfig, 'mappings'>,
): { readonly field: string; readonly message: string }[] {
  const known = sourcesOf({ mappings }).map(({ name }) => name);
  const isUnknown = topic.source !== null && !known.includes(topic.source);
  const near = topic.source === null ? null : nearest(topic.source, known);
  const hint = near === null ? 'docs/sources/README.md lists them' : `did you mean \`${near}\`?`;
  return [
    ...(isUnknown
      ? [{ field: 'source', message: `the name of a built-in source or of one in \`ingest.mappings\` (${hint})` }]
      : []),
    ...(others.some(({ name }) => name === topic.name) ? [{ field: 'name', message: 'a name of its own' }] : []),
    ...(others.some((other) => groupOf(other) === groupOf(topic))
      ? [{ field: 'group', message: 'a group of its own' }]
      : []),
  ];
}
