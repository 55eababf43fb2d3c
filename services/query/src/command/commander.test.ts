import { type Command, codecs, type Incident } from '@faultline/model';
import { anIncident, incidentRecord } from '@faultline/model/testing';
import type { Authenticator } from '@faultline/runtime';
import { afterEach, expect, it } from 'vitest';
import { type Harness, nowMs, startHarness } from '../testing/harness.ts';
import { buildCommand } from './commander.ts';
import { refusalError } from './refusal.ts';

let harness: Harness;
afterEach(() => harness.stop());

const start = async (config = {}) => {
  harness = await startHarness({ config, prepare: (bus) => bus.publish([incidentRecord(anIncident())]) });
};

const post = async (path: string, payload: object) => {
  const response = await harness.http.inject({ method: 'POST', url: `/api/v1/incidents/${path}`, payload });
  return { status: response.statusCode, body: response.json() };
};

/** A stub of the correlator: answers the next command with a revision. */
async function correlate(decide: (command: Command) => Partial<Incident>): Promise<Command> {
  const leaving = new AbortController();
  for await (const item of harness.bus.follow('commands', leaving.signal)) {
    if ('caughtUp' in item) continue;
    const decoded = codecs.command.decode(item.value ?? new Uint8Array());
    if (!decoded.ok) throw new Error(decoded.reason);
    await harness.bus.publish([incidentRecord(anIncident({ revision: 4, ...decide(decoded.value) }))]);
    leaving.abort();
    return decoded.value;
  }
  throw new Error('no command came');
}

const done = ({ id }: Command) => ({ commands: [{ id, result: 'done', refusal: null, reason: '' } as const] });

it('a command is answered with the revision that it made', async () => {
  await start();
  const correlator = correlate((command) => ({ status: 'acknowledged', ...done(command) }));
  const answer = await post('inc-1/acknowledge', { actor: 'mira', expectedRevision: 3 });
  expect(answer).toMatchObject({
    status: 200,
    body: { state: 'done', incident: { status: 'acknowledged', revision: 4 } },
  });
  expect(await correlator).toEqual({
    id: answer.body.commandId,
    scope: { tenant: 'default', environment: 'production' },
    incidentId: 'inc-1',
    expectedRevision: 3,
    actor: 'mira',
    atMs: nowMs,
    action: { kind: 'acknowledge' },
  });
});

it('with tokens the name of the token acts, whoever the request names', async () => {
  const authenticator: Authenticator = {
    enabled: true,
    identify: () => ({ name: 'bot', tenant: 'default', source: null, role: 'responder' }),
  };
  harness = await startHarness({ authenticator, prepare: (bus) => bus.publish([incidentRecord(anIncident())]) });
  const correlator = correlate(done);
  const url = '/api/v1/incidents/inc-1/acknowledge';
  const headers = { authorization: 'Bearer t' };
  await harness.http.inject({ method: 'POST', url, headers, payload: { actor: 'the boss' } });
  expect((await correlator).actor).toBe('bot on behalf of the boss');
});

it('a refused command says why', async () => {
  await start();
  const reason = 'the incident is at revision 3, not 2: read it again';
  const correlator = correlate(({ id }) => ({
    commands: [{ id, result: 'refused', refusal: 'stale-revision', reason }],
  }));
  const answer = await post('inc-1/resolve', { resolution: 'rolled back', expectedRevision: 2 });
  await correlator;
  expect(answer).toMatchObject({
    status: 409,
    body: { status: 'FAILED_PRECONDITION', message: reason },
  });
});

it('a command whose effect is not seen in time is accepted, with its id', async () => {
  await start({ commandTimeoutMs: 0 });
  const answer = await post('inc-1/notes', { text: 'looking', idempotencyKey: 'k1' });
  expect(answer).toMatchObject({
    status: 200,
    body: { state: 'accepted', commandId: 'k1', incident: { revision: 3 } },
  });
});

it('the same key again is answered from what is known and not written twice', async () => {
  await start();
  const correlator = correlate(done);
  await post('inc-1/acknowledge', { idempotencyKey: 'k1' });
  await correlator;
  const again = await post('inc-1/acknowledge', { idempotencyKey: 'k1' });
  expect(again).toMatchObject({ status: 200, body: { state: 'done', commandId: 'k1' } });
  const ends = await harness.bus.offsets('commands');
  expect(ends.reduce((sum, end) => sum + end.next, 0n)).toBe(1n);
});

it('an incident that is not there cannot be commanded', async () => {
  await start();
  expect(await post('inc-9/reopen', {})).toMatchObject({ status: 404 });
  expect(await post('inc-1/merge', { otherIncidentId: 'inc-9' })).toMatchObject({ status: 404 });
});

it('without a key, two clicks are one command, and after the next revision another', async () => {
  await start();
  const build = (revision: number) =>
    buildCommand({
      incident: anIncident({ revision }),
      request: { id: 'inc-1', idempotencyKey: '', actor: '' },
      action: { kind: 'acknowledge' },
      actor: 'mira',
      atMs: revision,
    }).id;
  expect(build(3)).toBe(build(3));
  expect(build(3)).not.toBe(build(4));
});

it.each([
  ['not-found', 'merge', 'QUERY_NOT_FOUND', 'why'],
  ['bad-argument', 'split', 'QUERY_INVALID_ARGUMENT', 'alertFingerprints: why'],
  ['stale-revision', 'resolve', 'QUERY_FAILED_PRECONDITION', 'why'],
  ['wrong-state', 'reopen', 'QUERY_FAILED_PRECONDITION', 'why'],
] as const)('the refusal %s of a %s is %s', (refusal, kind, code, message) => {
  expect(refusalError({ refusal, reason: 'why' }, kind)).toMatchObject({ code, message });
});
