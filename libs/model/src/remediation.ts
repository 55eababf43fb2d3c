/** What people did about an incident, and whether it helped. */

/** The kinds that people may record. */
export const remediationKinds = [
  'rolled-back',
  'restarted',
  'scaled',
  'failed-over',
  'config-changed',
  'other',
  'false-alarm',
] as const;
export type RemediationKind = (typeof remediationKinds)[number];

/** Most remediations that an incident keeps: the newest. */
export const maxRemediations = 20;

/** One thing that was done about an incident. */
export interface Remediation {
  /** `change`: a change of the cause was seen before the recovery. Nobody confirmed that it helped. */
  readonly kind: RemediationKind | 'change';
  /** What it was done to: a change, or a service. Empty: not known. */
  readonly target: string;
  readonly worked: boolean;
  /** Who recorded it. Empty for `change`. */
  readonly actor: string;
  /** When it was recorded. */
  readonly atMs: number;
  /** When it was done. Null: not known, as it was recorded after the recovery. */
  readonly doneAtMs: number | null;
}

/** A remediation of a past incident. */
export interface PastRemediation extends Pick<Remediation, 'kind' | 'target' | 'worked'> {
  /** From the remediation to the recovery. Null: not known. */
  readonly minutes: number | null;
}

const verbs: Readonly<Record<RemediationKind, string>> = {
  'rolled-back': 'rolled back',
  restarted: 'restarted',
  scaled: 'scaled',
  'failed-over': 'failed over',
  'config-changed': 'changed configuration of',
  other: 'something else at',
  'false-alarm': 'false alarm',
};

/** `rolled back orders v42`, `false alarm`. */
export function remediationText({ kind, target }: Pick<Remediation, 'kind' | 'target'>): string {
  if (kind === 'change') return target;
  if (kind === 'false-alarm' || target === '') return remediationLabels[kind].toLowerCase();
  return `${verbs[kind]} ${target}`;
}

/** As buttons name them. */
export const remediationLabels: Readonly<Record<RemediationKind, string>> = {
  'rolled-back': 'Rolled back',
  restarted: 'Restarted',
  scaled: 'Scaled',
  'failed-over': 'Failed over',
  'config-changed': 'Changed configuration',
  other: 'Something else',
  'false-alarm': 'False alarm',
};

/** Whether a word names a kind that people may record. */
export function isRemediationKind(word: string): word is RemediationKind {
  return (remediationKinds as readonly string[]).includes(word);
}
