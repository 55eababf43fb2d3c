/** `docs/accuracy.md`: what was measured, put into the hand-written template beside this file. */
import { readFileSync } from 'node:fs';

/** The tables by their place in the template, as `{{name}}`. */
export interface AccuracyTables {
  readonly labelled: string;
  readonly generated: string;
  readonly leftOut: string;
  readonly ablation: string;
  readonly tuning: string;
}

/** Fills the template. A place that is missing on either side is a mistake: throws. */
export function fillTemplate(template: string, tables: AccuracyTables): string {
  const unused = new Set(Object.keys(tables));
  const text = template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    if (!(name in tables)) throw new RangeError(`the template names ${name}, which nobody measured`);
    unused.delete(name);
    return tables[name as keyof AccuracyTables];
  });
  if (unused.size > 0) throw new RangeError(`the template has no place for ${[...unused].join(', ')}`);
  return text;
}

export function readTemplate(): string {
  return readFileSync(new URL('./accuracy.template.md', import.meta.url), 'utf8');
}
