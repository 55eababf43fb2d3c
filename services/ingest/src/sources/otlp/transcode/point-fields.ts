/** Where the fields of a data point are in the request. Points of sums, gauges and histograms only; the others are rare. */
import type { WireReader } from '../wire.ts';
import { wireBytes } from '../wire.ts';
import { AttributeRanges } from './attribute-ranges.ts';

/** A place is -1, or a range empty, where a field is missing. */
export class PointFields {
  timeAt = -1;
  startAt = -1;
  /** A double, or an integer when `isInteger`. */
  valueAt = -1;
  isInteger = false;
  countAt = -1;
  sumAt = -1;
  minAt = -1;
  maxAt = -1;
  boundsStart = 0;
  boundsEnd = 0;
  bucketsStart = 0;
  bucketsEnd = 0;
  /** Something that only the decoder handles: flags, or buckets that are not packed. */
  isUnusual = false;
  readonly attributes = new AttributeRanges();

  clear(): void {
    this.timeAt = -1;
    this.startAt = -1;
    this.valueAt = -1;
    this.isInteger = false;
    this.countAt = -1;
    this.sumAt = -1;
    this.minAt = -1;
    this.maxAt = -1;
    this.boundsStart = 0;
    this.boundsEnd = 0;
    this.bucketsStart = 0;
    this.bucketsEnd = 0;
    this.isUnusual = false;
    this.attributes.clear();
  }
}

/** Finds one field of `NumberDataPoint`. */
export function findNumberField(reader: WireReader, point: PointFields): void {
  switch (reader.field) {
    case 2:
      point.startAt = reader.fixed64At();
      break;
    case 3:
      point.timeAt = reader.fixed64At();
      break;
    case 4:
    case 6:
      point.isInteger = reader.field === 6;
      point.valueAt = reader.fixed64At();
      break;
    case 7:
      point.attributes.find(reader);
      break;
    case 8:
      if (reader.number() !== 0) point.isUnusual = true;
      break;
    default:
      reader.skip();
  }
}

/** Finds one field of `HistogramDataPoint`. */
export function findHistogramField(reader: WireReader, point: PointFields): void {
  switch (reader.field) {
    case 2:
      point.startAt = reader.fixed64At();
      break;
    case 3:
      point.timeAt = reader.fixed64At();
      break;
    case 4:
      point.countAt = reader.fixed64At();
      break;
    case 5:
      point.sumAt = reader.fixed64At();
      break;
    case 6:
      if (!isPackedOnce(reader, point.bucketsEnd)) point.isUnusual = true;
      point.bucketsEnd = endOfPacked(reader);
      point.bucketsStart = reader.pos;
      reader.pos = point.bucketsEnd;
      break;
    case 7:
      if (!isPackedOnce(reader, point.boundsEnd)) point.isUnusual = true;
      point.boundsEnd = endOfPacked(reader);
      point.boundsStart = reader.pos;
      reader.pos = point.boundsEnd;
      break;
    case 9:
      point.attributes.find(reader);
      break;
    case 10:
      if (reader.number() !== 0) point.isUnusual = true;
      break;
    case 11:
      point.minAt = reader.fixed64At();
      break;
    case 12:
      point.maxAt = reader.fixed64At();
      break;
    default:
      reader.skip();
  }
}

function isPackedOnce(reader: WireReader, endBefore: number): boolean {
  return reader.wireType === wireBytes && endBefore === 0;
}

/** The end of a list of 64-bit numbers, or of the only one that is in this field. */
function endOfPacked(reader: WireReader): number {
  if (reader.wireType === wireBytes) return reader.enter();
  const at = reader.fixed64At();
  reader.pos = at;
  return at + 8;
}
