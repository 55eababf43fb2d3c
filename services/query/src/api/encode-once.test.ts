import { expect, it } from 'vitest';
import { createStreamEncoder, messageBytes } from './encode-once.ts';
import type { StreamMessage } from './operation.ts';
import { loadContract } from './proto.ts';

const { output } = loadContract().method('IncidentService', 'WatchIncidents');
const parsed = (message: StreamMessage): unknown => JSON.parse(Buffer.concat(messageBytes(message)).toString());
const own = { resumeToken: '0:1' };
const shared = { incident: { id: 'inc-1', title: 'a "b"', scope: { tenant: 'default', environment: '' } } };

it('both encodings hold the whole message', () => {
  expect(parsed({ own, shared })).toEqual({ ...own, ...shared });
  expect(parsed({ own, shared: null })).toEqual(own);
  const encode = createStreamEncoder(output);
  expect(output.decode(encode({ own, shared }))).toEqual(output.decode(output.encode({ ...own, ...shared })));
  expect(output.decode(encode({ own, shared: null }))).toEqual(output.decode(output.encode(own)));
});

it('the shared part is encoded once, whoever reads it', () => {
  let encoded = 0;
  const toJSON = () => {
    encoded += 1;
    return {};
  };
  const counted = { ...shared, toJSON };
  const encode = createStreamEncoder({ encode: (json) => Buffer.from(JSON.stringify(json)) });
  for (const resumeToken of ['0:1', '0:2', '0:3']) {
    messageBytes({ own: { resumeToken }, shared: counted });
    encode({ own: { resumeToken }, shared: counted });
  }
  // Once as text and once as bytes.
  expect(encoded).toBe(2);
});
