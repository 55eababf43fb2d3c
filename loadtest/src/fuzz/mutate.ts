/** Small changes to bytes, of the kinds that break parsers (as in libFuzzer's and AFL's mutators). */

export type Draw = () => number;

/** Numbers at the borders of what formats count with. */
const borders = [0, 1, 0x7f, 0x80, 0xff];

type Mutation = (bytes: Buffer, draw: Draw, other: Buffer) => Buffer;

const at = (bytes: Buffer, draw: Draw) => Math.floor(draw() * bytes.length);

const flipBit: Mutation = (bytes, draw) => {
  const changed = Buffer.from(bytes);
  const index = at(bytes, draw);
  changed[index] = (changed[index] ?? 0) ^ (1 << Math.floor(draw() * 8));
  return changed;
};
const setByte: Mutation = (bytes, draw) => {
  const changed = Buffer.from(bytes);
  changed[at(bytes, draw)] = borders[Math.floor(draw() * borders.length)] ?? 0;
  return changed;
};
const cutShort: Mutation = (bytes, draw) => bytes.subarray(0, at(bytes, draw));
const remove: Mutation = (bytes, draw) => {
  const [start, length] = [at(bytes, draw), Math.floor(draw() * 32)];
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + length)]);
};
const repeat: Mutation = (bytes, draw) => {
  const [start, length] = [at(bytes, draw), Math.floor(draw() * 64)];
  const piece = bytes.subarray(start, start + length);
  const times = 1 + Math.floor(draw() * 8);
  return Buffer.concat([
    bytes.subarray(0, start),
    ...Array.from({ length: times }, () => piece),
    bytes.subarray(start),
  ]);
};
const insert: Mutation = (bytes, draw) => {
  const index = at(bytes, draw);
  const piece = Buffer.from(Array.from({ length: 1 + Math.floor(draw() * 8) }, () => Math.floor(draw() * 256)));
  return Buffer.concat([bytes.subarray(0, index), piece, bytes.subarray(index)]);
};
const splice: Mutation = (bytes, draw, other) =>
  Buffer.concat([bytes.subarray(0, at(bytes, draw)), other.subarray(at(other, draw))]);

const mutations: readonly Mutation[] = [flipBit, setByte, cutShort, remove, repeat, insert, splice];
const maxBytes = 64 * 1024;

/** One to eight changes. `other`: bytes of the same format, to take a piece from. */
export function mutate(bytes: Buffer, other: Buffer, draw: Draw): Buffer {
  let changed = bytes;
  for (let left = 1 + Math.floor(draw() * 8); left > 0; left--) {
    const mutation = mutations[Math.floor(draw() * mutations.length)] ?? flipBit;
    changed = mutation(changed, draw, other).subarray(0, maxBytes);
  }
  return changed;
}
