/** What monitors fill in by themselves when nobody sets a field: it names the monitor, never what an event is about. */
import { type Json, scalarText } from '../../field.ts';

interface SenderRule {
  /** Fits the event's `client`. */
  readonly client: RegExp;
  /** Values that are defaults, by field of the payload. `any`: the field is never about the subject while all others are defaults. */
  readonly defaults: Readonly<Record<string, RegExp>>;
}

const senderRules: readonly SenderRule[] = [
  { client: /alertmanager/i, defaults: { source: /alertmanager/i } },
  // Grafana: `source` is the name of its own host.
  {
    client: /grafana/i,
    defaults: { component: /^grafana$/i, class: /^default$/i, group: /^default$/i, source: /grafana/i },
  },
];

/** Fields of a payload that say what it is about. */
const fields = ['source', 'component', 'group', 'class'] as const;

/** The payload's own fields as labels, without what its sender filled in. */
export function ownLabels(body: Json, payload: Json): Record<string, string> {
  const client = scalarText(body['client']);
  const rule = senderRules.find((candidate) => candidate.client.test(client));
  const isAllDefault = rule !== undefined && isDefault(rule, payload, 'component') && isDefault(rule, payload, 'class');
  const entries = fields.map((field): [string, string] => {
    const value = scalarText(payload[field]);
    const isSender = value !== '' && value.toLowerCase() === client.toLowerCase();
    const isFilledIn = rule !== undefined && isDefault(rule, payload, field);
    // A monitor that filled in all else filled in its host, too.
    return [field, isSender || isFilledIn || (isAllDefault && field === 'source') ? '' : value];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

function isDefault({ defaults }: SenderRule, payload: Json, field: string): boolean {
  return defaults[field]?.test(scalarText(payload[field])) ?? false;
}
