import type { Publisher, Submission } from '../publisher.ts';

/** A publisher that writes nothing. It collects what the messages of a batch become, so that one commit writes all of it. */
export interface Collector extends Publisher {
  collected(): Submission;
}

export function createCollector(): Collector {
  const submissions: Submission[] = [];
  return {
    publish: async (submission) => {
      submissions.push(submission);
    },
    drained: () => Promise.resolve(),
    collected: () => ({
      records: submissions.flatMap(({ records }) => records),
      counts: submissions.flatMap(({ counts }) => counts),
    }),
  };
}
