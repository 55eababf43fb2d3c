/** Why a command was refused: the code that a caller can act upon, and the words. */
import type { CommandResult, Refusal } from '@faultline/model';
import type { CommandOutcome, RefusalReason } from '../../state/state.ts';

export function commandResult({ id, refusal }: CommandOutcome): CommandResult {
  if (refusal === null) return { id, result: 'done', refusal: null, reason: '' };
  return { id, result: 'refused', refusal: refusalCode(refusal), reason: refusalText(refusal) };
}

function refusalCode(refusal: RefusalReason): Refusal {
  switch (refusal.kind) {
    case 'unknown-incident':
    case 'unknown-other':
      return 'not-found';
    case 'stale-revision':
      return 'stale-revision';
    case 'resolved':
    case 'not-resolved':
    case 'merged-away':
    case 'not-both-open':
    case 'rejected-already':
    case 'not-rejected':
      return 'wrong-state';
    case 'no-such-alerts':
    case 'all-alerts':
    case 'no-such-cause':
    case 'merge-with-itself':
      return 'bad-argument';
    case 'text':
      return refusal.refusal;
  }
}

function refusalText(refusal: RefusalReason): string {
  switch (refusal.kind) {
    case 'unknown-incident':
      return 'no such incident';
    case 'stale-revision':
      return `the incident is at revision ${refusal.revision}, not ${refusal.expected}: read it again`;
    case 'resolved':
      return refusal.command === 'resolve' ? 'the incident is resolved already' : 'the incident is resolved';
    case 'not-resolved':
      return 'the incident is not resolved';
    case 'merged-away':
      return `the incident was merged into ${refusal.into}: its alerts are there`;
    case 'no-such-alerts':
      return 'none of these alerts is in this incident';
    case 'all-alerts':
      return 'this would move all alerts; leave at least one';
    case 'unknown-other':
      return `no incident ${refusal.other} in this scope`;
    case 'merge-with-itself':
      return 'an incident cannot be merged with itself';
    case 'not-both-open':
      return 'both incidents must be open';
    case 'no-such-cause':
      return `${refusal.service} is no possible cause of this incident`;
    case 'rejected-already':
      return `${refusal.actor} refused ${refusal.service} already`;
    case 'not-rejected':
      return `nobody refused ${refusal.service}`;
    case 'text':
      return refusal.text;
  }
}
