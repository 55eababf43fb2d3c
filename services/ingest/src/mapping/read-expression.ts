/** Mappings are files beside their declaration, so that they can be copied, changed and tried. */
import { readFileSync } from 'node:fs';

/** The text of a mapping file, such as `new URL('mapping.jsonata', import.meta.url)`. Throws when it is missing. */
export function readExpression(file: URL): string {
  return readFileSync(file, 'utf8');
}
