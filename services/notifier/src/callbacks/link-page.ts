/**
 * The page behind a signed link. It asks for a name and a confirmation: chat clients and mail scanners open links by themselves, and nothing may
 * happen then.
 */
import { acceptedCallback, type CallbackAnswer, type CallbackRequest } from './callback.ts';
import { commandOfLink, linkFields, linkTitles, type OpenedLink, openLink } from './link.ts';

const maxNameChars = 200;

/** What a GET shows. It changes nothing. */
export function showLink(secret: string, { query = '', nowMs }: CallbackRequest): CallbackAnswer {
  const fields = new URLSearchParams(query);
  const link = openLink(fields, secret, nowMs);
  return link === null ? tooOld() : html(200, formOf(link, fields));
}

/** What the form sends. The fields of the link come with it, and so does the name of the person. */
export function followLink(secret: string, { body, nowMs }: CallbackRequest): CallbackAnswer {
  const fields = new URLSearchParams(body.toString());
  const link = openLink(fields, secret, nowMs);
  if (link === null) return tooOld();
  const actor = (fields.get('name') ?? '').trim().slice(0, maxNameChars);
  if (actor === '') return html(400, '<p>A name is needed, so that others see who it was.</p>');
  const answer = html(200, `<p>${linkTitles[link.kind]}: done, as ${escaped(actor)}. You may close this page.</p>`);
  return { ...answer, commands: acceptedCallback([commandOfLink(link, actor)]).commands };
}

function tooOld(): CallbackAnswer {
  return html(401, '<p>This link is not valid, or older than a day. Open the incident in the console.</p>');
}

function formOf({ kind, reference, service }: OpenedLink, fields: URLSearchParams): string {
  const what = service === '' ? '' : ` (${escaped(service)})`;
  // Other fields of the address are not signed: somebody may have added a name there.
  const hidden = linkFields.map(
    (name) => `<input type="hidden" name="${name}" value="${escaped(fields.get(name) ?? '')}">`,
  );
  return [
    `<p>${linkTitles[kind]}${kind === 'not-this-cause' ? what : ''}: incident ${escaped(reference.incidentId)}</p>`,
    `<form method="post">${hidden.join('')}`,
    '<label>Your name <input name="name" required maxlength="200" autocomplete="name"></label> ',
    `<button>${linkTitles[kind]}</button></form>`,
  ].join('\n');
}

function html(status: number, content: string): CallbackAnswer {
  const head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Faultline</title>';
  return {
    status,
    contentType: 'text/html; charset=utf-8',
    body: `<!doctype html><html lang="en"><head>${head}</head><body>${content}</body></html>`,
    commands: [],
  };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
