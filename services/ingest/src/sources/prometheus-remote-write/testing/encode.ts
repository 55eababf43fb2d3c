/** For tests: writes remote write requests with protobufjs, so that our reader is held against another's writer. */
import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';

const file = new URL('../testdata/remote-write.proto', import.meta.url);
const { root } = protobuf.parse(readFileSync(file, 'utf8'));

/** By the message that Content-Type names. */
const types = { 'prometheus.WriteRequest': 'WriteRequest', 'io.prometheus.write.v2.Request': 'Request' } as const;
export type WriteMessage = keyof typeof types;
export const writeMessages: readonly WriteMessage[] = ['prometheus.WriteRequest', 'io.prometheus.write.v2.Request'];

export const contentTypeOf = (message: WriteMessage) => `application/x-protobuf;proto=${message}`;

/** The protobuf bytes of a request in protobuf's JSON form. */
export function encodeWrite(message: WriteMessage, request: object): Buffer {
  const type = root.lookupType(`prometheus.${types[message]}`);
  return Buffer.from(type.encode(type.fromObject(request)).finish());
}

export interface PlainSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** A request of version 2.0 whose labels are spelled out. */
export function encodeWrite2(series: readonly PlainSeries[]): Buffer {
  const symbols = [''];
  const refOf = (text: string) => {
    const known = symbols.indexOf(text);
    return known >= 0 ? known : symbols.push(text) - 1;
  };
  const timeseries = series.map(({ labels, ...rest }) => ({
    labelsRefs: Object.entries(labels).flat().map(refOf),
    ...rest,
  }));
  return encodeWrite('io.prometheus.write.v2.Request', { symbols, timeseries });
}

/** A request of version 1.0 with labels as an object. */
export function encodeWrite1(series: readonly PlainSeries[], metadata: readonly object[] = []): Buffer {
  const timeseries = series.map(({ labels, ...rest }) => ({
    labels: Object.entries(labels).map(([name, value]) => ({ name, value })),
    ...rest,
  }));
  return encodeWrite('prometheus.WriteRequest', { timeseries, metadata });
}
