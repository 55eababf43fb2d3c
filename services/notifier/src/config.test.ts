import { describeConfig, loadConfig, printConfig } from '@faultline/runtime';
import { describe, expect, it } from 'vitest';
import { notifierConfig } from './config.ts';

const webhook = { type: 'webhook', name: 'pager', url: 'https://example.com/k3y', secret: 's3cret' };
const problems = (config: object) =>
  notifierConfig.safeParse(config).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

describe('notifier config', () => {
  it('prints pages to stdout when nothing is configured', () => {
    expect(notifierConfig.parse({}).channels).toEqual([{ type: 'console', name: 'console', fallback: null }]);
  });

  it.each([
    [{ channels: [webhook, webhook] }, 'channels.1.name: a unique name'],
    [{ channels: [{ ...webhook, fallback: 'mail' }] }, 'channels.0.fallback: another channel: there is none'],
    [{ channels: [webhook], routes: [{ channels: ['mail'] }] }, 'routes.0.channels.0: a channel: pager'],
    [{ timeZone: 'Mars/Olympus' }, 'timeZone: an IANA time zone as `Europe/Berlin`'],
  ])('%j', (config, problem) => {
    expect(problems(config)).toEqual([problem]);
  });

  it('neither address nor secret of a webhook is printed', () => {
    const sections = { notifier: notifierConfig };
    const env = { FAULTLINE_NOTIFIER__CHANNELS: JSON.stringify([webhook]) };
    const printed = printConfig(loadConfig({ sections, env }), { sections, diff: false });
    expect(printed).toContain('name: pager');
    expect(printed).not.toMatch(/k3y|s3cret/);
    expect(describeConfig(sections)).toContain('`channels[]{slack}.token` | secret | required');
  });
});
