import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBlockFolder } from '../block-folder.ts';
import { nativeColumnsOf } from '../columns.ts';
import { openEmbedded } from '../embedded.ts';
import { type Engine, openEngine } from '../engine.ts';
import { insertInto } from '../insert.ts';
import { migrate, readMigrations } from '../migration.ts';
import { baseMs, trace } from '../testing/rows.ts';
import type { codecs } from './codecs.ts';
import { encodeBlocks, type NativeColumns, structureOf } from './encode.ts';

let folder: string;
let engine: Engine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-native-'));
  const connect = await openEmbedded(join(folder, 'store'));
  const blocks = openBlockFolder(join(folder, 'blocks'));
  engine = await openEngine({ openReader: connect, openWriter: connect, readers: 1, writers: 1, blocks });
  await migrate(engine, readMigrations(), () => baseMs);
}, 60_000);
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

const select = (sql: string) => engine.select<Record<string, unknown>>({ sql, params: {} });

/** Inserts rows into a table of these columns in small blocks, and reads them in order. */
async function roundTrip(columns: NativeColumns, rows: readonly Record<string, unknown>[], perBlock = 2) {
  await engine.command(`CREATE OR REPLACE TABLE round_trip (${structureOf(columns)}, Place UInt64) ENGINE = Memory`);
  const placed = { ...columns, Place: 'UInt64' } as const;
  const numbered = rows.map((row, Place) => ({ ...row, Place }));
  for (const bytes of encodeBlocks(placed, numbered, { rows: perBlock, bytes: 1e9 }))
    await engine.insertBlock(insertInto('round_trip', Object.keys(placed), `${Math.random()}`), {
      bytes,
      structure: structureOf(placed),
    });
  return select(`SELECT ${Object.keys(columns)} FROM round_trip ORDER BY Place SETTINGS session_timezone = 'UTC'`);
}

const samples: { readonly [Type in keyof typeof codecs]: readonly (readonly [unknown, unknown])[] } = {
  String: [
    ['', ''],
    ['é😀', 'é😀'],
    ['\ud800', '\ufffd'],
    ['\\ud800', '\\ud800'],
    ['a\0\n\t\'"', 'a\0\n\t\'"'],
    ['x'.repeat(100), 'x'.repeat(100)],
    ['é'.repeat(42), 'é'.repeat(42)],
    ['\u20ac'.repeat(70_000), '\u20ac'.repeat(70_000)],
  ],
  'LowCardinality(String)': [
    ['a', 'a'],
    ['', ''],
    ['a', 'a'],
  ],
  UInt8: [
    [0, 0],
    [255, 255],
  ],
  UInt64: [
    [0, 0],
    [2 ** 40 + 3, 2 ** 40 + 3],
    [17n, 17],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ],
  Int32: [
    [-1, -1],
    [2 ** 31 - 1, 2 ** 31 - 1],
    [-(2 ** 31), -(2 ** 31)],
  ],
  Float64: [
    [1.5, 1.5],
    [-0.1, -0.1],
    [Number.NaN, 0],
  ],
  Bool: [
    [true, true],
    [false, false],
  ],
  'DateTime64(9)': [
    [1_700_000_000_123_456_789n, '2023-11-14 22:13:20.123456789'],
    [-5n, '1970-01-01 00:00:00.000000000'],
    [2n ** 70n, '2262-04-11 23:47:16.854775807'],
  ],
  "DateTime64(3, 'UTC')": [[1_700_000_010_123, '2023-11-14 22:13:30.123']],
  Date: [
    [1_700_000_010_123, '2023-11-14'],
    [-1, '1970-01-01'],
    [1e15, '2149-06-06'],
  ],
  "Tuple(DateTime64(3, 'UTC'), Float64, Float64)": [
    [
      [1_700_000_010_123, 1.5, 2],
      ['2023-11-14 22:13:30.123', 1.5, 2],
    ],
    [
      [0, -1, 0],
      ['1970-01-01 00:00:00.000', -1, 0],
    ],
  ],
  "DateTime('UTC')": [
    [1_700_000_010_999, '2023-11-14 22:13:30'],
    [-5, '1970-01-01 00:00:00'],
  ],
  'Map(LowCardinality(String), String)': [
    [{}, {}],
    [
      { a: '1', b: '2' },
      { a: '1', b: '2' },
    ],
    [{ '\udc00': '😀' }, { '\ufffd': '😀' }],
  ],
  'Map(Int16, UInt64)': [
    [[], {}],
    [
      [
        [-3, 2],
        [80, 1],
      ],
      { '-3': 2, '80': 1 },
    ],
  ],
  'Array(String)': [
    [[], []],
    [
      ['a', ''],
      ['a', ''],
    ],
  ],
  'Array(LowCardinality(String))': [
    [[], []],
    [[], []],
    [
      ['a', 'a'],
      ['a', 'a'],
    ],
  ],
  'Array(UInt64)': [
    [
      [1n, 2n],
      [1, 2],
    ],
    [[], []],
  ],
  'Array(Float64)': [[[0.5], [0.5]]],
  'Array(DateTime64(9))': [[[17n], ['1970-01-01 00:00:00.000000017']]],
  'Array(Map(LowCardinality(String), String))': [
    [[], []],
    [[], []],
    [
      [{ a: 'b' }, {}],
      [{ a: 'b' }, {}],
    ],
  ],
};

it.each(Object.entries(samples))('%s', async (type, values) => {
  const columns = { Value: type as keyof typeof codecs };
  const rows = await roundTrip(
    columns,
    values.map(([Value]) => ({ Value })),
  );
  expect(rows.map(({ Value }) => Value)).toEqual(values.map(([, stored]) => stored));
});

it('rows that share a map of labels, next to others and across blocks', async () => {
  const shared = { a: 'é', b: 'x'.repeat(300) };
  const maps = [shared, { b: '1' }, {}, shared, { a: '2', c: '3' }, shared, shared];
  const rows = maps.map((Value) => ({ Value, Values: [Value, shared] }));
  const columns = {
    Value: 'Map(LowCardinality(String), String)',
    Values: 'Array(Map(LowCardinality(String), String))',
  } as const;
  expect(await roundTrip(columns, rows)).toEqual(rows);
  expect(await roundTrip(columns, rows, 100)).toEqual(rows);
});

it.each([200, 300, 70_000])('a dictionary of %i texts', async (count) => {
  const rows = Array.from({ length: count }, (_, index) => ({ Value: `text ${index}` }));
  const columns = { Value: 'LowCardinality(String)' } as const;
  await engine.command(`CREATE OR REPLACE TABLE dictionary (${structureOf(columns)}) ENGINE = Memory`);
  for (const bytes of encodeBlocks(columns, rows, { rows: 1e6, bytes: 1e9 }))
    await engine.insertBlock(insertInto('dictionary', ['Value'], 't'), { bytes, structure: structureOf(columns) });
  expect(await select('SELECT count() AS rows, uniqExact(Value) AS texts FROM dictionary')).toEqual([
    { rows: count, texts: count },
  ]);
});

it.each([
  ['UInt8', 256],
  ['UInt8', 1.5],
  ['UInt64', -1],
  ['UInt64', -1n],
  ['UInt64', 2n ** 64n],
  ['Int32', 2 ** 31],
  ['String', 7],
  ['String', undefined],
  ['Map(LowCardinality(String), String)', ['hunter2']],
  ['Array(String)', 'hunter2'],
  ['DateTime64(9)', 5],
] as const)('%s refuses %s', (type, Value) => {
  const encode = () => [...encodeBlocks({ Value: type }, [{ Value }])];
  expect(encode).toThrow(expect.objectContaining({ code: 'STORE_REJECTED', kind: 'permanent' }));
  expect(encode).not.toThrow(/hunter2/);
});

it('rows are split by count and by size, in order, the same way each time', () => {
  const rows = Array.from({ length: 5 }, (_, index) =>
    trace(baseMs, { SpanId: `${index}`, StatusMessage: 'x'.repeat(1_000) }),
  );
  const blocks = (limits: { rows: number; bytes: number }) => [
    ...encodeBlocks(nativeColumnsOf.otel_traces, rows as readonly unknown[] as Record<string, unknown>[], limits),
  ];
  expect(blocks({ rows: 2, bytes: 1e9 })).toHaveLength(3);
  expect(blocks({ rows: 5, bytes: 1e9 })).toHaveLength(1);
  expect(blocks({ rows: 5, bytes: 4_000 })).toHaveLength(3);
  expect(blocks({ rows: 5, bytes: 1 })).toHaveLength(5);
  expect(blocks({ rows: 5, bytes: 4_000 })).toEqual(blocks({ rows: 5, bytes: 4_000 }));
});

it('the types of the columns are those of the tables', async () => {
  const found = await select('SELECT table, name, type FROM system.columns WHERE database = currentDatabase()');
  const typeOf = new Map(found.map(({ table, name, type }) => [`${table}.${name}`, String(type)]));
  const plain = (type = '') => type.replace(/^SimpleAggregateFunction\(\w+, (.*)\)$/, '$1');
  for (const [table, columns] of Object.entries(nativeColumnsOf))
    for (const [name, type] of Object.entries(columns))
      expect(`${table}.${name}: ${plain(typeOf.get(`${table}.${name}`))}`).toBe(`${table}.${name}: ${type}`);
});
