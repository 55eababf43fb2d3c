/** What PagerDuty's REST API does for a page: finds incidents, adds notes, sets titles and a custom field. */
import { contentId } from '@faultline/model';
import type { ChannelMessage } from '../../channel.ts';
import { clip, fitText } from '../../page/fit.ts';
import type { CallJson, JsonCall } from '../json-call.ts';
import { listField, textField } from '../json-call.ts';
import { type PagerdutyConfig, urlsOf } from './config.ts';

const noteChars = 2000;
const titleChars = 255;
const maxKeys = 10;

export interface PagerdutyRest {
  /** Id of the open incident with one of these keys. Null: none. */
  find(keys: readonly string[], signal: AbortSignal): Promise<string | null>;
  /** Adds a note with the page, once, and sets the custom field. */
  enrich(incidentId: string, message: ChannelMessage, signal: AbortSignal): Promise<void>;
  setTitle(incidentId: string, title: string, signal: AbortSignal): Promise<void>;
}

export function createRest(config: PagerdutyConfig, token: string, call: CallJson): PagerdutyRest {
  const { from, causeField } = config;
  const base = new URL(urlsOf(config).api);
  const headers = {
    authorization: `Token token=${token}`,
    accept: 'application/vnd.pagerduty+json;version=2',
    ...(from === null ? {} : { from }),
  };
  const rest = (method: JsonCall['method'], path: string, body: unknown, signal: AbortSignal) =>
    call({ ...(method === undefined ? {} : { method }), url: new URL(path, base).href, headers, body }, signal);
  const pathOf = (id: string, more = '') => `incidents/${encodeURIComponent(id)}${more}`;
  return {
    find: async (keys, signal) => {
      for (const key of keys.slice(0, maxKeys)) {
        const query = new URLSearchParams([
          ['incident_key', key],
          ['statuses[]', 'triggered'],
          ['statuses[]', 'acknowledged'],
          ['limit', '1'],
        ]);
        const [found] = listField(await rest('GET', `incidents?${query}`, undefined, signal), 'incidents');
        if (found !== undefined) return textField(found, 'id');
      }
      return null;
    },
    enrich: async (id, message, signal) => {
      const mark = markOf(message);
      if (!(message.maybeSent && (await hasNote(mark)))) {
        const content = `${fitText(message.page, noteChars - mark.length - 1)}\n${mark}`;
        await rest('POST', pathOf(id, '/notes'), { note: { content } }, signal);
      }
      if (causeField === null) return;
      const value = message.page.causeKey === '' ? null : clip(message.page.cause, 200);
      const body = { custom_fields: [{ name: causeField, value }] };
      await rest('PUT', pathOf(id, '/custom_fields/values'), body, signal);

      async function hasNote(text: string): Promise<boolean> {
        const notes = listField(await rest('GET', pathOf(id, '/notes'), undefined, signal), 'notes');
        return notes.some((note) => textField(note, 'content').includes(text));
      }
    },
    setTitle: async (id, title, signal) => {
      const incident = { id, type: 'incident_reference', title: clip(title, titleChars) };
      await rest('PUT', pathOf(id), { incident }, signal);
    },
  };
}

/** Identifies a note, so that a retry does not add it again. */
function markOf({ idempotencyKey }: ChannelMessage): string {
  return `[faultline ${contentId(idempotencyKey).slice(0, 12)}]`;
}
