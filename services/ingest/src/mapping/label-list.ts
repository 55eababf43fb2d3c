/** `$labels(value)` of mappings: the ways in which tools write labels, as one object. */
import { isJsonObject, scalarText } from '../field.ts';

type Entry = readonly [name: string, value: string];

/**
 * Reads objects, lists of `name: value` and `name=value` texts, lists of objects with a name (`name`, `key`, `tag`) and a `value`, and texts
 * with commas between the tags. What has no name is left out. The first of equal names counts.
 */
export function labelsOf(value: unknown): Record<string, string> {
  const labels: Record<string, string> = Object.create(null);
  for (const [name, text] of entriesOf(value)) if (name !== '' && text !== '' && !(name in labels)) labels[name] = text;
  return { ...labels };
}

function entriesOf(value: unknown): Entry[] {
  if (typeof value === 'string') return value.split(',').flatMap(entryOfText);
  if (Array.isArray(value)) return value.flatMap(entryOfItem);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).map(([name, entry]): Entry => [name, scalarText(entry)]);
}

function entryOfItem(item: unknown): Entry[] {
  if (typeof item === 'string') return entryOfText(item);
  if (Array.isArray(item)) return [[scalarText(item[0]), scalarText(item[1])]];
  if (!isJsonObject(item)) return [];
  return [[scalarText(item['name'] ?? item['key'] ?? item['tag']), scalarText(item['value'])]];
}

/** `service:checkout` or `service=checkout`. The first divider counts, because values may be addresses. */
function entryOfText(text: string): Entry[] {
  const match = /^\s*([\w./-]+?)\s*[:=]\s*(.+?)\s*$/.exec(text);
  return match === null ? [] : [[match[1] ?? '', match[2] ?? '']];
}
