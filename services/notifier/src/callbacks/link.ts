/** Signed links: how people answer in a receiver whose messages can only open an address. Each link is for one act of one person. */
import { createHmac } from 'node:crypto';
import { contentId, type Incident } from '@faultline/model';
import type { CallbackAction, CallbackCommand } from './callback.ts';
import { formatReference, type IncidentReference, parseReference } from './reference.ts';
import { isSigned } from './signature.ts';

/** What a link may do. */
const linkKinds = ['acknowledge', 'resolve', 'not-this-cause'] as const;
type LinkKind = (typeof linkKinds)[number];

/** The words of a button, and of the page that asks for confirmation. */
export const linkTitles: Readonly<Record<LinkKind, string>> = {
  acknowledge: 'Acknowledge',
  resolve: 'Resolve',
  'not-this-cause': 'Not this cause',
};

/** The correlator remembers commands for a day, so a second use of a link changes nothing while the link is valid. */
const validMs = 86_400_000;

export interface LinkBase {
  /** `https://faultline.example/callbacks/teams` */
  readonly url: string;
  readonly secret: string;
  /** Tells the links of one message from those of another. */
  readonly nonce: string;
  readonly nowMs: number;
}

/** The links that make sense in this state. Empty for a resolved incident. */
export function linksOf(
  incident: Incident,
  base: LinkBase,
): readonly { readonly title: string; readonly url: string }[] {
  const { status, verdict, hypotheses } = incident;
  if (status === 'resolved') return [];
  const service = verdict === 'identified' ? (hypotheses[0]?.cause.service ?? '') : '';
  const kinds: readonly LinkKind[] = [
    ...(status === 'open' ? (['acknowledge'] as const) : []),
    'resolve',
    ...(service === '' ? [] : (['not-this-cause'] as const)),
  ];
  return kinds.map((kind) => {
    const url = new URL(base.url);
    const fields = {
      act: kind,
      incident: formatReference(incident),
      service,
      until: String(base.nowMs + validMs),
      nonce: base.nonce,
    };
    for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
    url.searchParams.set('signature', signatureOf(fields, base.secret));
    return { title: linkTitles[kind], url: url.href };
  });
}

export interface OpenedLink {
  readonly id: string;
  readonly kind: LinkKind;
  readonly reference: IncidentReference;
  /** The service that is not the cause. Empty for other acts. */
  readonly service: string;
}

/** Reads the fields of a link. Null: it is not ours, was changed, or is too old. */
export function openLink(fields: URLSearchParams, secret: string, nowMs: number): OpenedLink | null {
  const read = (name: string) => fields.get(name) ?? '';
  const signed = Object.fromEntries(signedFields.map((name) => [name, read(name)]));
  if (!isSigned(secret, textOf(signed), [read('signature')]) || !(Number(read('until')) > nowMs)) return null;
  const kind = linkKinds.find((one) => one === read('act'));
  const reference = parseReference(read('incident'));
  if (kind === undefined || reference === null) return null;
  return { id: `link/${contentId(textOf(signed))}`, kind, reference, service: read('service') };
}

/** The command of a link that a person confirmed. */
export function commandOfLink({ id, kind, reference, service }: OpenedLink, actor: string): CallbackCommand {
  return { id, reference, actor, action: actionOf(kind, service, actor) };
}

function actionOf(kind: LinkKind, service: string, actor: string): CallbackAction {
  if (kind === 'not-this-cause') return { kind, service };
  return kind === 'resolve' ? { kind, resolution: `resolved by ${actor}` } : { kind };
}

const signedFields = ['act', 'incident', 'service', 'until', 'nonce'] as const;

/** What an address has to hold. */
export const linkFields = [...signedFields, 'signature'] as const;

function signatureOf(fields: Readonly<Record<string, string>>, secret: string): string {
  return createHmac('sha256', secret).update(textOf(fields)).digest('hex');
}

function textOf(fields: Readonly<Record<string, string>>): string {
  return signedFields.map((name) => `${name}=${encodeURIComponent(fields[name] ?? '')}`).join('&');
}
