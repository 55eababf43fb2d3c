/**
 * Labels out of `custom_details`, in the shapes in which senders put them there. These are plain fields, objects and
 * lists one level down, lists of names and values, lists of alerts, and tags. The text that Alertmanager and Grafana
 * write by default is read, too.
 */
import { isJsonObject, type Json, scalarText } from '../../field.ts';

type Entry = readonly [label: string, value: string];

/** Entries read of one event: what is beyond is no label of anybody. */
const maxEntries = 2000;

/** The labels, the first of each name. Plain fields come first: what a person filled in counts more than what a tool copied. */
export function labelsOfDetails(details: unknown): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [label, value] of entriesOf(details).slice(0, maxEntries))
    if (value !== '' && !Object.hasOwn(labels, label)) labels[label] = value;
  return labels;
}

/** How many alerts an event of Alertmanager or Grafana stands for; 0 when it does not say. */
export function alertCountOf(details: unknown): number {
  const count = isJsonObject(details) ? Number(scalarText(details['num_firing'])) : 0;
  return Number.isSafeInteger(count) ? count : 0;
}

function entriesOf(details: unknown): Entry[] {
  if (Array.isArray(details)) return details.flatMap(entriesOfItem);
  if (typeof details === 'string') return entriesOfText(details);
  if (!isJsonObject(details)) return [];
  return [...plainEntries(details), ...labelsFirst(details).flatMap(([field, value]) => entriesBelow(field, value))];
}

function plainEntries(owner: Json): Entry[] {
  return Object.entries(owner)
    .filter(([field, value]) => typeof value !== 'object' && !isAlertText(field))
    .map(([field, value]) => [field.toWellFormed(), scalarText(value)]);
}

/** `labels` speaks of the alert itself, so it comes before other objects and before what the texts say. */
function labelsFirst(details: Json): [string, unknown][] {
  const rank = (field: string) => (field === 'labels' ? 0 : isAlertText(field) ? 2 : 1);
  return Object.entries(details).sort(([a], [b]) => rank(a) - rank(b));
}

function isAlertText(field: string): boolean {
  return field === 'firing' || field === 'resolved';
}

function entriesBelow(field: string, value: unknown): Entry[] {
  if (Array.isArray(value)) return value.flatMap(entriesOfItem);
  if (isJsonObject(value)) return plainEntries(value);
  if (typeof value !== 'string') return [];
  if (isAlertText(field)) return entriesOfText(value);
  return field === 'tags' ? value.split(',').flatMap(entryOfTag) : [];
}

/** An item of a list: a name and a value, an alert with labels, or a tag. */
function entriesOfItem(item: unknown): Entry[] {
  if (typeof item === 'string') return entryOfTag(item);
  if (!isJsonObject(item)) return [];
  const name = scalarText(item['name'] ?? item['key']);
  if (name !== '' && item['value'] !== undefined) return [[name, scalarText(item['value'])]];
  return isJsonObject(item['labels']) ? plainEntries(item['labels']) : [];
}

/** `service:checkout`, as Datadog writes it. */
function entryOfTag(tag: string): Entry[] {
  const match = /^\s*([\w.-]+)[:=](.+?)\s*$/.exec(tag);
  return match === null ? [] : [[match[1] ?? '', match[2] ?? '']];
}

/** The default templates: `Labels:`, then ` - name = value` for each, then `Annotations:`, and again for the next alert. */
function entriesOfText(text: string): Entry[] {
  const entries: Entry[] = [];
  let isLabels = false;
  for (const line of text.split('\n', maxEntries)) {
    const heading = /^(\w+):/.exec(line)?.[1];
    if (heading !== undefined) isLabels = heading === 'Labels';
    const match = isLabels ? /^ *- ([\w.:/-]+) = (.*)$/.exec(line) : null;
    if (match !== null) entries.push([match[1] ?? '', (match[2] ?? '').trim()]);
  }
  return entries;
}
