/** Whom a message mentions, in the notation of its channel. */
import type { ChannelMessage } from '../channel.ts';

/** Names of teams and people to what the channel calls them, as configured under `mentions`. */
export type MentionIds = Readonly<Record<string, string>>;

/** What the channel calls a team or person. A label may name a team, so a name such as `constructor` must find nothing. */
export function mentionId(ids: MentionIds, name: string): string | undefined {
  return Object.hasOwn(ids, name) ? ids[name] : undefined;
}

/** Who is on call and has an entry, with the first page. Their ids. Later messages mention people in their replies. */
export function onCallIds({ action, isPushed, page }: ChannelMessage, ids: MentionIds): readonly string[] {
  return action === 'send' && isPushed ? page.people.flatMap(({ team }) => mentionId(ids, team) ?? []) : [];
}

/** A name where the channel has no id for it: `shop #shop-oncall`. */
export function mentionText({ team, contact }: ChannelMessage['page']['mentions'][number]): string {
  return `${team} ${contact}`.trim();
}

/** Stands before the mentions of a reply. */
export function mentionLabel({ people }: ChannelMessage['page']): string {
  return people.length === 0 ? 'Owner: ' : 'To: ';
}
