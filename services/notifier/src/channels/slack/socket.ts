/** Buttons by Socket Mode: Slack sends them over a connection that Faultline opens, so nothing has to be reachable from outside. */
import { backoffMs, sleep } from '@faultline/runtime';
import { LogLevel, SocketModeClient } from '@slack/socket-mode';
import type { ListenParts } from '../../channel.ts';
import { isObject } from '../json-call.ts';
import { commandsOfPayload } from './actions.ts';
import type { SlackConfig } from './config.ts';

const retry = { baseMs: 1000, maxMs: 60_000 };

interface Interaction {
  readonly body: unknown;
  readonly ack: () => Promise<void>;
}

/** Resolves when the signal is aborted. Null without an `appToken`. */
export function listenToSlack({ appToken, apiUrl }: SlackConfig, parts: ListenParts): Promise<void> | null {
  if (appToken === null) return null;
  const client = new SocketModeClient({
    appToken: appToken.reveal(),
    // The library leaves the rejection of a failed reconnection unhandled, which would end the process.
    autoReconnectEnabled: false,
    clientOptions: { slackApiUrl: apiUrl, retryConfig: { retries: 0 } },
    logger: quietLogger(parts.warn),
  });
  client.on('interactive', (interaction: Interaction) => void take(interaction, parts));
  return run(client, parts);
}

/** Acknowledged once the log has the commands. Without that, Slack shows the person that the button failed. */
async function take({ body, ack }: Interaction, { publish, warn }: ListenParts): Promise<void> {
  try {
    if (isObject(body)) await publish(commandsOfPayload(body, Buffer.from(JSON.stringify(body))));
    await ack();
  } catch (error) {
    warn(`a button of Slack was not taken: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Slack ends each connection after some hours, which is no failure: the next one is opened at once. */
async function run(client: SocketModeClient, { signal, warn, random01 }: ListenParts): Promise<void> {
  const stop = () => void client.disconnect().catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  for (let failures = 0; !signal.aborted; )
    try {
      const ended = new Promise((resolve) => client.once('disconnected', resolve));
      await client.start();
      failures = 0;
      if (signal.aborted) stop();
      await ended;
    } catch (error) {
      failures += 1;
      warn(`Socket Mode of Slack is not connected: ${error instanceof Error ? error.message : String(error)}`);
      await sleep(backoffMs(failures, retry, random01), signal);
    }
}

/** The library logs each message at its lower levels, and these name people. */
function quietLogger(warn: (text: string) => void) {
  const tell = (...parts: readonly unknown[]) => warn(`Socket Mode of Slack: ${parts.map(String).join(' ')}`);
  const ignore = () => undefined;
  return {
    debug: ignore,
    info: ignore,
    warn: tell,
    error: tell,
    setLevel: ignore,
    getLevel: () => LogLevel.WARN,
    setName: ignore,
  };
}
