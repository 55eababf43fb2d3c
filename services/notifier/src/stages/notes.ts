import type { Note } from '../channel.ts';
import type { Page } from '../page/page.ts';
import { changeReason } from './decide.ts';

/** The history lines that an edit deserves: who only reads the thread must not miss that the cause is another one, or that it is over. */
export function notesFor(before: string, now: string, page: Page): readonly Note[] {
  const reason = changeReason(before, now);
  switch (reason) {
    case 'resolved':
    case 'reopened':
      return [{ kind: reason, text: page.headline }];
    case 'acknowledged':
      return [{ kind: reason, text: 'Acknowledged' }];
    case 'cause-changed':
      return [
        { kind: reason, text: page.causeKey === '' ? 'No cause is blamed any more' : `Now blamed: ${page.headline}` },
      ];
    default:
      return [];
  }
}
