/**
 * Who owns an object, as its labels and annotations say. `a8r.io/owner` and the like are the annotations of "Kubernetes for humans",
 * `backstage.io/kubernetes-id` is that of Backstage's Kubernetes plugin, `app.kubernetes.io/part-of` a recommended label of Kubernetes.
 */
import type { Ownership } from '@faultline/model';
import type { ObservedObject } from '../decode/object.ts';

type Texts = Readonly<Record<string, string>>;

/** Names of labels and annotations that name the team, best first. An annotation counts before a label of its name. */
export const teamKeys = ['a8r.io/owner', 'owner', 'team'] as const;

/** Null: they say nothing of it. */
export function ownershipOf({ labels, annotations }: Pick<ObservedObject, 'labels' | 'annotations'>): Ownership | null {
  const texts: Texts = { ...labels, ...annotations };
  const namedBy = teamKeys.find((key) => (texts[key] ?? '') !== '') ?? '';
  const ownership: Ownership = {
    team: texts[namedBy] ?? '',
    contact: texts['a8r.io/chat'] ?? '',
    runbookUrl: texts['a8r.io/runbook'] ?? '',
    component: texts['backstage.io/kubernetes-id'] ?? '',
    application: texts['app.kubernetes.io/part-of'] ?? '',
    namedBy,
  };
  return Object.values(ownership).some((value) => value !== '') ? ownership : null;
}
