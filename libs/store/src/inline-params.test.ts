import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbedded } from './embedded.ts';
import { type Engine, openEngine } from './engine.ts';
import { inlineParams } from './inline-params.ts';
import { openTestStore, type TestStore } from './testing/rows.ts';

let opened: TestStore;
let engine: Engine;
beforeAll(async () => {
  opened = await openTestStore({ kind: 'embedded' });
  const connect = await openEmbedded(opened.folder);
  engine = await openEngine({ openReader: connect, openWriter: connect, readers: 2, writers: 1, params: 'inlined' });
}, 60_000);
afterAll(async () => {
  await engine.close();
  await opened.close();
});

it('a parameter becomes a constant of its type, wherever it stands', () => {
  const sql = 'SELECT {a:String}, {b:UInt32} LIMIT {b:UInt32}';
  expect(inlineParams(sql, { a: "it's", b: 7 })).toBe(
    "SELECT CAST('it\\'s' AS String), CAST(7 AS UInt32) LIMIT CAST(7 AS UInt32)",
  );
  expect(inlineParams('{a:Array(String)}', { a: ['x', "'"] })).toBe("CAST(['x', '\\''] AS Array(String))");
});

it('what looks like a parameter inside a value is left alone', () => {
  expect(inlineParams('SELECT {a:String}, {b:String}', { a: '{b:String}', b: 'x' })).toBe(
    "SELECT CAST('{b:String}' AS String), CAST('x' AS String)",
  );
});

it('a value of another kind is named, not written', () => {
  expect(() => inlineParams('{a:String}', {})).toThrow('parameter a is undefined');
});

it('every text comes back from the engine as it went in', async () => {
  const texts = [
    "'; DROP TABLE presence; --",
    '\\',
    "\\'",
    'a\nb\r\tc',
    '\u0000\u0001\u007f',
    'é 日本 🙂',
    '{x:String}',
    '',
  ];
  const rows = await engine.select<{ text: string; list: readonly string[] }>({
    sql: 'SELECT {texts:Array(String)} AS list, {text:String} AS text',
    params: { texts, text: texts[0] ?? '' },
  });
  expect(rows).toEqual([{ text: texts[0], list: texts }]);
});

it('numbers keep their type: a difference may fall below zero', async () => {
  const [row] = await engine.select<{ less: number; type: string }>({
    sql: 'SELECT {a:Int64} - {b:Int64} AS less, toTypeName({a:Int64}) AS type SETTINGS output_format_json_quote_64bit_integers = 0',
    params: { a: 1_700_000_000_000, b: 1_800_000_000_000 },
  });
  expect(row).toEqual({ less: -100_000_000_000, type: 'Int64' });
});
