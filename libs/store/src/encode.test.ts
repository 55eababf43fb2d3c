import { expect, it } from 'vitest';
import { columnNames, encodePieces } from './encode.ts';
import { trace } from './testing/rows.ts';

const batch = (count: number) => ({
  table: 'otel_traces' as const,
  token: 't',
  rows: Array.from({ length: count }, (_, index) => trace(1_700_000_000_000 + index, { SpanId: `${index}` })),
});
const idsOf = (piece: string) =>
  piece.split('\n').map((line) => JSON.parse(line)[columnNames('otel_traces').indexOf('SpanId')]);

it('a batch is split by rows and by size, in order, with nothing left out', () => {
  expect([...encodePieces(batch(5), { rows: 2, chars: 1e9 })].map(idsOf)).toEqual([['0', '1'], ['2', '3'], ['4']]);
  expect([...encodePieces(batch(3), { rows: 100, chars: 1 })].map(idsOf)).toEqual([['0'], ['1'], ['2']]);
  expect([...encodePieces(batch(2), { rows: 2, chars: 1e9 })]).toHaveLength(1);
  expect([...encodePieces(batch(0))]).toEqual([]);
});

it.each([
  [0n, '0000000000.000000000'],
  [1_700_000_000_123_456_789n, '1700000000.123456789'],
  [-5n, '0000000000.000000000'],
  [2n ** 70n, '9223372036.854775807'],
])('a time of %s ns goes as %s', (Timestamp, text) => {
  const [piece = ''] = encodePieces({ table: 'otel_traces', token: 't', rows: [trace(0, { Timestamp })] });
  expect(JSON.parse(piece)[columnNames('otel_traces').indexOf('Timestamp')]).toBe(text);
});

it('histograms, missing times and window starts are encoded as the engine expects them', () => {
  const [edge = ''] = encodePieces({
    table: 'edge_windows',
    token: 't',
    rows: [
      {
        Tenant: 't',
        Environment: 'e',
        WindowStart: 1_700_000_010_000,
        Caller: 'a',
        Callee: 'b',
        CallerInstance: '',
        CalleeInstance: '',
        Operation: '',
        Source: 'trace',
        Calls: 1,
        Errors: 0,
        Duration: [
          [-3, 2],
          [80, 1],
        ],
        Gap: [],
        LastSeen: 1_700_000_010_123,
      },
    ],
  });
  expect(JSON.parse(edge)).toEqual([
    't',
    'e',
    1_700_000_010,
    'a',
    'b',
    '',
    '',
    '',
    'trace',
    1,
    0,
    { '-3': 2, '80': 1 },
    {},
    '1700000010.123',
  ]);
});

it('half a surrogate pair is replaced, and text that only looks like one is unchanged', () => {
  const [piece = ''] = encodePieces({
    table: 'otel_traces',
    token: 't',
    rows: [trace(0, { SpanName: '\ud800', StatusMessage: '\\ud800', SpanAttributes: { '\udc00': '😀' } })],
  });
  const cells = JSON.parse(piece);
  const cell = (name: string) => cells[columnNames('otel_traces').indexOf(name)];
  expect(cell('SpanName')).toBe('\ufffd');
  expect(cell('StatusMessage')).toBe('\\ud800');
  expect(cell('SpanAttributes')).toEqual({ '\ufffd': '😀' });
});
