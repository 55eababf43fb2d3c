import type { ChangeKind } from '@faultline/model';

const words: readonly (readonly [ChangeKind, RegExp])[] = [
  ['rollback', /\broll(ed|ing)?[ -]?back|\brevert/i],
  ['flag', /\b(feature )?flags?\b|\btoggle/i],
  ['scale', /\bscal(e|ed|ing)\b|\breplicas?\b/i],
  ['deploy', /\bdeploy|\brelease|\broll(ed|ing)?[ -]?out|\bupgrade|\bbuild\b|\bversion\b/i],
  ['config', /\bconfig|\bsetting|\bparameter|\bsecret\b/i],
  ['infrastructure', /\bterraform|\binfra|\bnode pool|\bmigrat|\bnetwork|\bfirewall|\bcertificate/i],
];

/** Guesses the kind of a change from its description, for senders that have no field for it. */
export function changeKindOf(text: string): ChangeKind {
  return words.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other';
}
