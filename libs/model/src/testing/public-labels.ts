/** Label sets of public rule files, exporters and issue threads. What each is about was written down before it was first tried. */
import { readFileSync } from 'node:fs';

export interface PublicLabels {
  readonly source: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly about: Readonly<Record<string, string>>;
}

export const publicLabels: readonly PublicLabels[] = JSON.parse(
  readFileSync(new URL('public-labels.json', import.meta.url), 'utf8'),
);
