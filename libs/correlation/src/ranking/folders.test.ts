/** The folders of the ranking stand in the order of the data: none imports one to its right, or a file of the root. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';

const root = import.meta.dirname;
const order = [
  'vocabulary',
  'input',
  'statistics',
  'rows',
  'onset',
  'compare',
  'finding',
  'evidence',
  'weigh',
  'explain',
  'probability',
  'describe',
];

const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('testing/'),
);
const folderOf = (file: string): string => (file.includes('/') ? (file.split('/')[0] ?? '') : '');

it('every folder has its place', () => {
  expect([...new Set(files.map(folderOf))].filter((folder) => folder !== '').toSorted()).toEqual(order.toSorted());
});

it.each(files.filter((file) => folderOf(file) !== ''))('%s imports only what is to its left', (file) => {
  const text = readFileSync(join(root, file), 'utf8');
  const imported = [...text.matchAll(/from '(\.[^']+)'/g)].map(([, name = '']) => normalize(join(dirname(file), name)));
  const wrong = imported.filter((name) => {
    const place = order.indexOf(folderOf(name));
    return place === -1 || place > order.indexOf(folderOf(file));
  });
  expect(wrong).toEqual([]);
});
