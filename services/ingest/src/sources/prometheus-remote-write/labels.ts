/** Labels of a series: spelled out in version 1.0, as references to a table of texts in 2.0. */

import type { Problem } from '../../source.ts';
import { RefusedRequest } from '../otlp/refused.ts';
import { readText } from '../otlp/text-cache.ts';
import { attributesProblem, boundedText, type ItemRules } from '../otlp/validity.ts';
import { type WireReader, wireBytes } from '../otlp/wire.ts';

export type LabelPair = readonly [name: string, value: string];

/** Labels as sent. Those beyond the limit are only counted. */
export interface RawLabels {
  readonly pairs: LabelPair[];
  count: number;
  /** A reference to a name whose value has not come yet. */
  pendingName: number | null;
  /** A reference leads nowhere. */
  isBroken: boolean;
}

export function noLabels(): RawLabels {
  return { pairs: [], count: 0, pendingName: null, isBroken: false };
}

/** Most texts of one request. A text may take two bytes on the wire; its place in the table takes sixteen. */
const maxSymbols = 1_000_000;

/** The table of texts of a request. Texts are decoded when they are first used. */
export class SymbolTable {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #texts: string[] = [];
  readonly #maxLength: number;

  /** Longer texts are cut. */
  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** Adds the text that the reader is at. Throws RefusedRequest above the limit. */
  add(reader: WireReader): void {
    if (this.#starts.length >= maxSymbols) {
      const reason = `symbols: expected at most ${maxSymbols} in one request`;
      throw new RefusedRequest({ code: 'INGEST_TOO_MANY', reason });
    }
    const end = reader.enter();
    this.#starts.push(reader.pos);
    this.#ends.push(end);
    reader.pos = end;
  }

  /** Undefined when there is no such text. */
  at(buffer: Buffer, reference: number): string | undefined {
    const end = this.#ends[reference];
    if (end === undefined) return undefined;
    const text =
      this.#texts[reference] ?? boundedText(readText(buffer, this.#starts[reference] ?? 0, end), this.#maxLength);
    this.#texts[reference] = text;
    return text;
  }
}

/** Reads one label of version 1.0. */
export function readLabel(reader: WireReader, labels: RawLabels, { limits }: ItemRules): void {
  const end = reader.enter();
  let [name, value] = ['', ''];
  while (reader.next(end)) {
    if (reader.field === 1) name = boundedText(reader.text(), limits.labelValueBytes);
    else if (reader.field === 2) value = boundedText(reader.text(), limits.labelValueBytes);
    else reader.skip();
  }
  reader.leave(end);
  addLabel(labels, [name, value], limits.attributes);
}

/** Longest varint of 32 bits. */
const referenceBytes = 5;

/** Reads references of version 2.0: name and value in turn. Of a list that is far too long, no more than its length. */
export function readReferences(
  reader: WireReader,
  labels: RawLabels,
  symbols: SymbolTable,
  { limits }: ItemRules,
): void {
  const most = limits.attributes;
  if (packedBytes(reader) > 2 * (most + 1) * referenceBytes) {
    labels.count = most + 1;
    reader.skip();
    return;
  }
  reader.eachVarint(() => {
    const reference = reader.varint32();
    const { pendingName } = labels;
    labels.pendingName = pendingName === null ? reference : null;
    if (pendingName === null) return;
    const name = symbols.at(reader.buffer, pendingName);
    const value = symbols.at(reader.buffer, reference);
    if (name === undefined || value === undefined) labels.isBroken = true;
    else addLabel(labels, [name, value], most);
  });
}

/** Size of the field that the reader is at; 0 when it is a single number. */
function packedBytes(reader: WireReader): number {
  if (reader.wireType !== wireBytes) return 0;
  const { pos } = reader;
  const bytes = reader.enter() - reader.pos;
  reader.pos = pos;
  return bytes;
}

function addLabel(labels: RawLabels, pair: LabelPair, most: number): void {
  labels.count++;
  // An empty value is the same as no label.
  if (labels.count <= most && pair[1] !== '') labels.pairs.push(pair);
}

/** What is wrong with the labels of a series; null when they are usable. */
export function labelsProblem({ pairs, count, pendingName, isBroken }: RawLabels, rules: ItemRules): Problem | null {
  if (isBroken || pendingName !== null) return invalid('labels_refs: expected pairs of references to symbols');
  const tooMany = attributesProblem(count, rules);
  if (tooMany !== null) return tooMany;
  const names = new Set(pairs.map(([name]) => name));
  if (names.has('')) return invalid('labels: expected a name for each');
  if (names.size < pairs.length) return invalid('labels: expected each name once');
  if (!names.has('__name__')) return invalid('labels: expected __name__');
  return null;
}

function invalid(reason: string): Problem {
  return { code: 'INGEST_INVALID', reason };
}
