import { driftComparisons, driftRisks } from '@faultline/model';
import { z } from 'zod';
import { expectedRuleFlaws, namingRuleFlaws, type RuleFlaw } from './rule-flaws.ts';

/** Makes an issue of each flaw, at the field of the rule. */
function refuse(flaws: readonly RuleFlaw[], context: z.core.$RefinementCtx): void {
  for (const { field, expected } of flaws)
    context.addIssue({ code: 'custom', path: field === '' ? [] : [field], message: expected });
}

const glob = (text: string) => z.string().min(1).optional().describe(text);

/** The section `kube.drift` of the configuration. */
export const driftConfig = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe('Look for drift: what differs from other clusters and from what is declared.'),
  settleMs: z
    .int()
    .min(0)
    .default(900_000)
    .describe('A difference is drift when it has lasted this long. A rollout reaches one cluster after the other.'),
  compareWith: z
    .array(z.string().min(1))
    .default([])
    .describe('Names of clusters to compare with. Empty: all of the same tenant and environment.'),
  reference: z
    .string()
    .default('')
    .describe('The cluster that is always right. Empty: the value that most clusters have is expected.'),
  compareSecretValues: z
    .boolean()
    .default(false)
    .describe('Whether values of Secrets must be the same in all clusters. Their keys always must.'),
  notify: z
    .enum(['off', ...driftRisks])
    .default('off')
    .describe(
      'The lowest risk of drift that its owner is told of, by an alert of severity `info`. It is a ticket or a log entry and never pages.',
    ),
  sameObject: z
    .array(
      z
        .strictObject({
          match: z
            .string()
            .min(1)
            .describe('A regular expression of `namespace/name`, such as `(shop)-(?:eu|us)/(.*)`.'),
          as: z.string().min(1).describe('The name that all clusters share, such as `$1/$2`.'),
        })
        .superRefine((rule, context) => refuse(namingRuleFlaws(rule), context)),
    )
    .default([])
    .describe('Objects that have another name or namespace in each cluster. The first rule that matches decides.'),
  expected: z
    .array(
      z
        .strictObject({
          path: glob('The path, and everything below it, such as `spec.template.spec.containers[*].env[REGION]`.'),
          kind: glob('The kind, such as `Deployment`.'),
          namespace: glob('The namespace.'),
          name: glob('The name.'),
          against: z.enum(driftComparisons).optional().describe('The comparison: `cluster`, `declared` or `past`.'),
        })
        .superRefine((rule, context) => refuse(expectedRuleFlaws(rule), context)),
    )
    .default([])
    .describe(
      'Differences that are no drift. `*` stands for any characters; what is left out is any. Each rule needs a path, kind, namespace or name.',
    ),
});
export type DriftConfig = z.infer<typeof driftConfig>;
