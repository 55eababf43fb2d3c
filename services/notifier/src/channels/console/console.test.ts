import type { TriageLevel } from '@faultline/model';
import { expect, it } from 'vitest';
import { firstMessage } from '../../testing/first-message.ts';
import { incident } from '../../testing/incident.ts';
import { openTestChannel } from '../../testing/open-channel.ts';

/** The title of what the channel prints. */
async function titleOf(level: TriageLevel, action: 'send' | 'edit'): Promise<string> {
  let text = '';
  const write = (part: string) => {
    text += part;
  };
  const triage = { level, impact: 'none', severity: 'warning', reasons: [], atMs: 0, text: '' } as const;
  const message = firstMessage({ incident: incident({ triage }), action });
  await openTestChannel({ type: 'console', name: 'demo' }, { write }).send(message, new AbortController().signal);
  return text.trim().split('\n')[0] ?? '';
}

it('says whether it is a page, a ticket or a log entry', async () => {
  expect(await titleOf('page', 'send')).toMatch(/^=== PAGE, revision \d+ ===$/);
  expect(await titleOf('ticket', 'send')).toMatch(/^=== TICKET, revision \d+ ===$/);
  expect(await titleOf('log', 'edit')).toMatch(/^=== LOG ENTRY EDITED \(first\), revision \d+ ===$/);
});
