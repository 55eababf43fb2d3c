import type { Note } from '../channel.ts';
import type { Page } from '../page/page.ts';
import { noteTexts } from '../page/words.ts';
import { changeReason } from './decide.ts';

/** Thread replies for an edit. Thread readers must see when the cause changes or the incident resolves. */
export function notesFor(before: string, now: string, page: Page): readonly Note[] {
  const reason = changeReason(before, now);
  switch (reason) {
    case 'resolved':
    case 'reopened':
      return [{ kind: reason, text: page.headline }];
    case 'acknowledged':
      return [{ kind: reason, text: noteTexts.acknowledged }];
    case 'cause-changed':
      return [
        { kind: reason, text: page.causeKey === '' ? noteTexts.causeWithdrawn : noteTexts.causeChanged(page.headline) },
      ];
    default:
      return [];
  }
}
