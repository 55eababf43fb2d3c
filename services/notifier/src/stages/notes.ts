import type { Note, NoteKind } from '../channel.ts';
import type { Page } from '../page/page.ts';
import { noteTexts } from '../page/words.ts';
import { changeReason, isPushedChange } from './decide.ts';

/** Thread replies for an edit. Thread readers must see when the cause changes or the incident resolves. */
export function notesFor(before: string, now: string, page: Page): readonly Note[] {
  const reason = changeReason(before, now);
  if (reason === 'revised') return [];
  return [{ kind: reason, text: textOf(reason, page), isPushed: isPushedChange(reason) }];
}

function textOf(reason: NoteKind, { headline, onCall }: Page): string {
  switch (reason) {
    case 'acknowledged':
      return noteTexts.acknowledged;
    case 'escalated':
      return `${onCall || noteTexts.escalated}. ${headline}`;
    case 'cause-withdrawn':
      return noteTexts.causeWithdrawn;
    default:
      return headline;
  }
}
