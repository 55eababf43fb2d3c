/** What series refer to: texts in version 2.0, types of metrics in 1.0. */
import { metricTypeNames } from '../../metric-types.ts';
import type { Steps } from '../../steps.ts';
import { itemsPerStep } from '../otlp/proto-envelope.ts';
import { boundedText } from '../otlp/validity.ts';
import { WireError } from '../otlp/wire.ts';
import { type Decoding, fieldsByVersion } from './decoding.ts';
import type { Version } from './version.ts';

/** The first walk over a request: what series refer to may stand behind them. Throws WireError for a body of the other version. */
export function* readTable(decoding: Decoding): Steps<void> {
  const { reader, fields, version, rules } = decoding;
  const { length } = reader.buffer;
  const other = fieldsByVersion[version === '1.0' ? '2.0' : '1.0'];
  let read = 0;
  while (reader.next(length)) {
    if (reader.field === other.series) throw otherVersion(version);
    if (reader.field !== fields.table) reader.skip();
    else if (version === '2.0') decoding.symbols.add(reader);
    else readMetadata(decoding);
    read++;
    rules.spendItem();
    if (read % itemsPerStep === 0) yield;
  }
  reader.leave(length);
  reader.pos = 0;
}

function otherVersion(version: Version): WireError {
  return new WireError(`Content-Type says remote write ${version}, and the body is of the other version`);
}

/** Longest name of a metric that is remembered. */
const maxNameLength = 256;

function readMetadata({ reader, types, tenant }: Decoding): void {
  const end = reader.enter();
  let [type, family] = [0, ''];
  while (reader.next(end)) {
    if (reader.field === 1) type = reader.number();
    else if (reader.field === 2) family = boundedText(reader.text(), maxNameLength);
    else reader.skip();
  }
  reader.leave(end);
  types.set(tenant, family, metricTypeNames[type] ?? 'unknown');
}
