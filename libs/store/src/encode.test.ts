import { expect, it } from 'vitest';
import { jsonColumnsOf } from './columns.ts';
import { encodePieces } from './encode.ts';
import type { DeclaredEdgeRow } from './history-rows.ts';

const edge = (row: Partial<DeclaredEdgeRow> = {}): DeclaredEdgeRow => ({
  Tenant: 't',
  Environment: 'e',
  Source: 's',
  Caller: 'a',
  Callee: 'b',
  DeclaredAt: 0,
  ...row,
});
const batch = (...rows: DeclaredEdgeRow[]) => ({ table: 'declared_edges' as const, token: 't', rows });
const column = (name: keyof DeclaredEdgeRow) => Object.keys(jsonColumnsOf.declared_edges).indexOf(name);
const callersOf = (piece: string) => piece.split('\n').map((line) => JSON.parse(line)[column('Caller')]);
const edges = (count: number) => batch(...Array.from({ length: count }, (_, index) => edge({ Caller: `${index}` })));

it('a batch is split by rows and by size, in order, with nothing left out', () => {
  const limits = { rows: 2, chars: 1e9 };
  expect([...encodePieces(edges(5), limits)].map(callersOf)).toEqual([['0', '1'], ['2', '3'], ['4']]);
  expect([...encodePieces(edges(3), { rows: 100, chars: 1 })].map(callersOf)).toEqual([['0'], ['1'], ['2']]);
  expect([...encodePieces(edges(2), limits)]).toHaveLength(1);
  expect([...encodePieces(edges(0))]).toEqual([]);
});

it.each([
  [0, '0000000000.000'],
  [1_700_000_010_123, '1700000010.123'],
  [-5, '0000000000.000'],
  [2 ** 50, '9999999999.999'],
])('a time of %s ms goes as %s', (DeclaredAt, text) => {
  const [piece = ''] = encodePieces(batch(edge({ DeclaredAt })));
  expect(JSON.parse(piece)[column('DeclaredAt')]).toBe(text);
});

it('half a surrogate pair is replaced, and text that only looks like one is unchanged', () => {
  const [piece = ''] = encodePieces(batch(edge({ Caller: '\ud800', Callee: '\\ud800', Source: '😀' })));
  const cells = JSON.parse(piece);
  expect([cells[column('Caller')], cells[column('Callee')], cells[column('Source')]]).toEqual([
    '\ufffd',
    '\\ud800',
    '😀',
  ]);
});
