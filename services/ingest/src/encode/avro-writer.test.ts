import avro from 'avsc';
import { describe, expect, it } from 'vitest';
import { AvroWriter } from './avro-writer.ts';

function written(write: (writer: AvroWriter) => void): Buffer {
  const writer = new AvroWriter(0);
  write(writer);
  return writer.buffer.subarray(0, writer.pos);
}

const encoded = (schema: avro.Schema, value: unknown): Buffer => avro.Type.forSchema(schema).toBuffer(value);

describe('what is written is what Avro writes', () => {
  it.each([0, 1, 63, 64, 8_191, 8_192, 2 ** 31 - 1])('the number %i', (value) => {
    expect(written((writer) => writer.int(value))).toEqual(encoded('int', value));
    expect(written((writer) => writer.decimal(value))).toEqual(encoded('string', String(value)));
  });

  it.each([0, 127, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 1_772_366_400_000, 2 ** 52])('the long %i', (value) => {
    const high = Math.floor(value / 2 ** 32);
    expect(written((writer) => writer.long(high, value >>> 0))).toEqual(encoded('long', value));
  });

  it('the largest long', () => {
    const bytes = written((writer) => writer.long(0x7fff_ffff, 0xffff_ffff));
    expect(bytes.toString('hex')).toBe('feffffffffffffffff01');
  });

  it.each(['', 'plain', 'é', '日本', 'x'.repeat(1_000)])('the text %j, and from bytes', (text) => {
    const bytes = Buffer.from(`__${text}__`);
    expect(written((writer) => writer.text(text))).toEqual(encoded('string', text));
    expect(written((writer) => writer.textOf(bytes, 2, bytes.length - 2))).toEqual(encoded('string', text));
  });

  it('bytes and doubles', () => {
    const id = Buffer.from('0af7651916cd43dd', 'hex');
    expect(written((writer) => writer.bytes(id, 0, 8))).toEqual(encoded('bytes', id));
    expect(written((writer) => writer.double(-0.5))).toEqual(encoded('double', -0.5));
  });
});

it('bytes that are not UTF-8 become replacement characters', () => {
  const bytes = Buffer.from([0x61, 0xff, 0x62]);
  expect(written((writer) => writer.textOf(bytes, 0, 3))).toEqual(encoded('string', 'a\ufffdb'));
});
