import { expect, it } from 'vitest';
import { firstMessage } from '../testing/first-message.ts';
import { mentionId, onCallIds } from './mentions.ts';
import { slackNoteText } from './slack/blocks.ts';

const ids = { storage: 'S0614TZR7' };

it('a configured name has its id', () => {
  expect(mentionId(ids, 'storage')).toBe('S0614TZR7');
  expect(mentionId(ids, 'shop')).toBeUndefined();
});

it.each(['constructor', 'toString', '__proto__'])(
  'a label that says team=%s mentions nobody and stops no page',
  (team) => {
    expect(mentionId(ids, team)).toBeUndefined();
    const message = firstMessage();
    const mention = { team, contact: '' };
    const page = { ...message.page, people: [mention], mentions: [mention] };
    expect(onCallIds({ ...message, page }, ids)).toEqual([]);
    const note = { kind: 'escalated', text: 'Nobody acknowledged', isPushed: true } as const;
    expect(slackNoteText(note, page, ids)).toContain(team);
  },
);
