import { describe, expect, it } from 'vitest';
import { manifestLimits, readManifest } from './manifest.ts';

const configMap = (name: string, data = '') => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n${data}`;
const all = () => true;
const namesOf = (text: string, isWanted: (kind: string) => boolean = all, limits = manifestLimits) => {
  const { documents, unread } = readManifest(text, isWanted, limits);
  return [documents.map(({ metadata }) => Object(metadata).name), unread];
};

it('reads each document, with comments and empty ones between them', () => {
  const text = `---\n# Source: a.yaml\n${configMap('a')}--- \n\n---\n${configMap('b', 'data: {x: "---"}\n')}`;
  expect(namesOf(text)).toEqual([['a', 'b'], 0]);
});

it('reads no kind that is not wanted, however long it is', () => {
  const other = `kind: CustomResourceDefinition\nspec: ${'x'.repeat(2_000_000)}\n`;
  expect(namesOf(`${other}---\n${configMap('a')}`, (kind) => kind === 'ConfigMap')).toEqual([['a'], 0]);
});

describe('counts as unread', () => {
  const limits = { maxChars: 200, maxValues: 100 };
  it.each([
    ['a document over the limit of characters', configMap('b', `data: {x: ${'y'.repeat(200)}}\n`)],
    ['what is no YAML', 'kind: ConfigMap\na: [\n'],
    ['a key twice', 'kind: ConfigMap\na: 1\na: 2\n'],
    ['a tag of other programs', 'kind: ConfigMap\na: !!js/function x\n'],
    ['aliases that multiply', `kind: ConfigMap\na: &a [1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b]\n`],
  ])('%s', (_what, text) => expect(namesOf(`${configMap('a')}---\n${text}`, all, limits)).toEqual([['a'], 1]));
});

it('does not run for long, whatever it is given', () => {
  const before = process.cpuUsage();
  readManifest('- {a: [1, 2, 3]}\n'.repeat(500_000), all);
  readManifest(`a: ${'['.repeat(100_000)}\n`, all);
  readManifest('---\n'.repeat(250_000), all);
  // Seconds of processor time.
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(3);
});
