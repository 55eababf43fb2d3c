/** Sends samples as a Prometheus does, with a writer of its own: `prometheus.WriteRequest` of remote write 1.0, in snappy's block format. */

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly atMs: number;
}

/** Sends samples in one request. Throws for any answer but 204. */
export async function writeSamples(url: string, samples: readonly Sample[]): Promise<void> {
  const answer = await fetch(`${url}/api/v1/write`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    },
    body: snappyLiterals(writeRequest(samples)),
  });
  if (answer.status !== 204) throw new Error(`${answer.status}: ${await answer.text()}`);
}

function writeRequest(samples: readonly Sample[]): Buffer {
  return Buffer.concat(samples.map((sample) => bytesField(1, timeSeries(sample))));
}

function timeSeries({ labels, value, atMs }: Sample): Buffer {
  const pairs = Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => bytesField(1, Buffer.concat([bytesField(1, name), bytesField(2, text)])));
  const number = Buffer.alloc(9);
  number.writeUInt8((1 << 3) | 1, 0);
  number.writeDoubleLE(value, 1);
  return Buffer.concat([...pairs, bytesField(2, Buffer.concat([number, varint(2 << 3), varint(atMs)]))]);
}

function bytesField(field: number, value: Buffer | string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...bytes, rest]);
}

/** Snappy without any compression: the length, then literals of up to 64 KiB (tag 61: two bytes of length). */
function snappyLiterals(body: Buffer): Buffer {
  const parts = [varint(body.length)];
  for (let from = 0; from < body.length; from += 65_536) {
    const piece = body.subarray(from, from + 65_536);
    const head = Buffer.alloc(3);
    head.writeUInt8(61 << 2, 0);
    head.writeUInt16LE(piece.length - 1, 1);
    parts.push(head, piece);
  }
  return Buffer.concat(parts);
}
