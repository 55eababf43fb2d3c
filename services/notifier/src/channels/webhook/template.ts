/** Templates of webhook bodies: JSON whose texts may name fields of the page, `{{page.headline}}`. They hold no logic. */
import { isObject } from '../json-call.ts';

const placeholder = /\{\{\s*([\w.]+)\s*\}\}/g;

/**
 * Fills in a template. A text that is one placeholder becomes the field itself, whatever its type. Within a text the field is written as
 * text. An unknown field is null, or an empty text.
 */
export function fillTemplate(template: unknown, fields: unknown): unknown {
  if (typeof template === 'string') return fillText(template, fields);
  if (Array.isArray(template)) return template.map((item) => fillTemplate(item, fields));
  if (!isObject(template)) return template;
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fillTemplate(value, fields)]));
}

function fillText(text: string, fields: unknown): unknown {
  const [only, path] = /^\{\{\s*([\w.]+)\s*\}\}$/.exec(text) ?? [];
  if (only !== undefined && path !== undefined) return fieldAt(fields, path) ?? null;
  return text.replace(placeholder, (_match, name: string) => asText(fieldAt(fields, name)));
}

function fieldAt(fields: unknown, path: string): unknown {
  let value = fields;
  for (const step of path.split('.')) {
    if (Array.isArray(value)) value = value[Number(step)];
    else value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}

function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
