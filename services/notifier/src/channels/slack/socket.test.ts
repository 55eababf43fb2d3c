/** Socket Mode against a local server that opens connections as Slack does. https://docs.slack.dev/apis/events-api/using-socket-mode */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CallbackCommand } from '../../callbacks/callback.ts';
import { formatReference } from '../../callbacks/reference.ts';
import { type CheckedReceiver, startCheckedReceiver } from '../../testing/checked-receiver.ts';
import { until } from '../../testing/harness.ts';
import { incident } from '../../testing/incident.ts';
import { startWebSocketServer, type WebSocketServer } from '../../testing/websocket-server.ts';
import { slackConfig } from './config.ts';
import { listenToSlack } from './socket.ts';

let socket: WebSocketServer;
let api: CheckedReceiver;
const stopping: AbortController[] = [];
beforeEach(async () => {
  socket = await startWebSocketServer(JSON.stringify({ type: 'hello', num_connections: 1 }));
  api = await startCheckedReceiver({
    authorization: 'Bearer xapp-1',
    routes: [
      {
        route: 'POST /apps.connections.open',
        answer: () => ({
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ ok: true, url: `ws://127.0.0.1:${socket.port}/link/?ticket=1` }),
        }),
      },
    ],
  });
});
afterEach(async () => {
  for (const controller of stopping.splice(0)) controller.abort();
  await socket.close();
  await api.close();
});

const reference = formatReference(incident());
const pressed = (envelopeId: string, actionId = 'faultline_acknowledge') =>
  JSON.stringify({
    envelope_id: envelopeId,
    type: 'interactive',
    accepts_response_payload: true,
    payload: {
      type: 'block_actions',
      user: { id: 'U1', username: 'mira', name: 'mira', team_id: 'T1' },
      message: { ts: '1767621700.000100' },
      actions: [{ action_id: actionId, block_id: reference, value: reference, action_ts: '1767621999.1' }],
    },
  });

function listen(publish: (commands: readonly CallbackCommand[]) => Promise<void>) {
  const stop = new AbortController();
  stopping.push(stop);
  const warnings: string[] = [];
  const config = slackConfig.parse({
    type: 'slack',
    name: 'ops',
    token: 'xoxb-1',
    appToken: 'xapp-1',
    channel: 'C1',
    apiUrl: api.url,
  });
  const done = listenToSlack(config, {
    publish,
    warn: (text) => warnings.push(text),
    random01: () => 0,
    signal: stop.signal,
  });
  return { done, stop, warnings };
}
const acknowledged = () => socket.received.map((text) => JSON.parse(text).envelope_id);

it('a button is a command with the name of the person, and acknowledged once the log has it', async () => {
  const taken: CallbackCommand[] = [];
  const { promise: written, resolve } = Promise.withResolvers<void>();
  const { done, stop } = listen(async (commands) => {
    taken.push(...commands);
    await written;
  });
  await until(() => socket.connections() === 1, 'the connection');
  socket.send(pressed('e1'));
  await until(() => taken.length === 1, 'the command');
  expect(acknowledged()).toEqual([]);
  resolve();
  await until(() => acknowledged().length === 1, 'the acknowledgement');
  expect(acknowledged()).toEqual(['e1']);
  expect(taken[0]).toMatchObject({
    id: 'slack/1767621700.000100/1767621999.1',
    reference: { tenant: 'default', incidentId: 'inc1' },
    actor: 'mira',
    action: { kind: 'acknowledge' },
  });
  stop.abort();
  await done;
});

it('what cannot be written is not acknowledged, and the next one is taken', async () => {
  let count = 0;
  const { warnings } = listen(async () => {
    count += 1;
    if (count === 1) throw new Error('the log is down');
  });
  await until(() => socket.connections() === 1, 'the connection');
  socket.send(pressed('e1'));
  await until(() => warnings.length === 1, 'the warning');
  socket.send(pressed('e2'));
  await until(() => acknowledged().length === 1, 'the acknowledgement');
  expect(acknowledged()).toEqual(['e2']);
  expect(warnings[0]).toContain('the log is down');
});

it('connects again when Slack asks for it, and when the network fails', async () => {
  const taken: CallbackCommand[] = [];
  listen(async (commands) => void taken.push(...commands));
  await until(() => socket.connections() === 1, 'the connection');
  socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
  await until(() => socket.connections() === 2, 'the second connection');
  socket.send(pressed('e1'));
  await until(() => taken.length === 1, 'the command');
  api.failures.push({ route: 'POST /apps.connections.open', answer: { status: 503 } });
  socket.cut();
  await until(() => socket.connections() === 3, 'the third connection, after the network failed and Slack, too');
});

it('goes on after a refusal, and without an appToken there is nothing to listen to', async () => {
  api.failures.push({ route: 'POST /apps.connections.open', answer: { status: 503 } });
  const { warnings } = listen(async () => undefined);
  await until(() => socket.connections() === 1, 'the connection');
  expect(warnings.join()).toContain('not connected');
  expect(warnings.join()).not.toContain('xapp-1');
  const plain = slackConfig.parse({ type: 'slack', name: 'ops', token: 'xoxb-1', channel: 'C1' });
  const { signal } = new AbortController();
  expect(
    listenToSlack(plain, { publish: async () => undefined, warn: () => undefined, random01: () => 0, signal }),
  ).toBeNull();
});
