/** The client libraries of PagerDuty and Slack understand what Faultline sends, and our stubs what they send. */
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fakeApiToken, fakeRoutingKey, startPagerdutyFake } from '../../channels/pagerduty/pagerduty-fake.ts';
import { receiveInteraction } from '../../channels/slack/actions.ts';
import { slackConfig } from '../../channels/slack/config.ts';
import { fakeChannelId, fakeToken, startSlackFake } from '../../channels/slack/slack-fake.ts';
import { firstMessage } from '../first-message.ts';
import { causeFound } from '../messages.ts';
import { openTestChannel } from '../open-channel.ts';

const here = import.meta.dirname;
const packages = join(here, '../../../../../.cache/vendor-clients');
const never = new AbortController().signal;

it('PagerDuty’s and Slack’s own clients take part', { timeout: 180_000 }, async () => {
  if (!existsSync(join(packages, 'slack_sdk')))
    await run(['-m', 'pip', 'install', '-q', '--target', packages, '-r', join(here, 'requirements.txt')], '');
  const pagerduty = await startPagerdutyFake();
  const slack = await startSlackFake();
  const from = 'faultline@example.com';
  const signingSecret = 'shh';
  const pager = openTestChannel({
    type: 'pagerduty',
    name: 'pager',
    routingKey: fakeRoutingKey,
    apiToken: fakeApiToken,
    from,
    eventsUrl: pagerduty.url,
    apiUrl: pagerduty.url,
  });
  const chat = {
    type: 'slack',
    name: 'ops',
    token: fakeToken,
    channel: fakeChannelId,
    apiUrl: slack.url,
    signingSecret,
  };
  const receipt = await pager.send(firstMessage(), never);
  await pager.send(causeFound(receipt), never);
  await openTestChannel(chat).send(firstMessage(), never);
  const timestamp = '1772373900';
  const body = 'payload=%7B%7D';
  const signature = `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  const answer: unknown = JSON.parse(
    await run(
      [join(here, 'check.py')],
      JSON.stringify({
        pagerdutyUrl: pagerduty.url.replace(/\/$/, ''),
        routingKey: fakeRoutingKey,
        event: pagerduty.incidents[0]?.log[0],
        apiToken: fakeApiToken,
        from,
        slackUrl: slack.url,
        slackToken: fakeToken,
        slackChannel: fakeChannelId,
        text: slack.messages[0]?.text,
        blocks: slack.messages[0]?.blocks,
        signingSecret,
        signed: { timestamp, body, signature },
      }),
    ),
  );
  const headline = firstMessage().page.headline;
  expect(answer).toEqual({
    pagerduty: {
      key: 'faultline/default/inc1',
      titles: [headline],
      notes: [expect.stringContaining(headline)],
    },
    slack: {
      ok: true,
      types: ['section', 'section', 'section', 'section', 'section', 'context', 'actions'],
      isSignatureValid: true,
    },
  });
  // Their events went to the incident that Faultline opened.
  expect(pagerduty.incidents.map(({ status, log }) => [status, log.length])).toEqual([['resolved', 5]]);
  // What their verifier accepts, ours accepts.
  const headers = { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature };
  const request = { headers, body: Buffer.from(body), nowMs: Number(timestamp) * 1000 };
  expect(receiveInteraction(slackConfig.parse(chat), request).status).toBe(200);
  await Promise.all([pagerduty.close(), slack.close()]);
});

/** Python with the packages. Resolves with what it prints. */
function run(args: readonly string[], input: string): Promise<string> {
  const child = spawn('python3', args, {
    env: { ...process.env, PYTHONPATH: packages },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(Buffer.concat(chunks).toString()) : reject(new Error(`python3 ended with ${code}`)),
    );
  });
}
