import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadAppConfig } from './index.ts';
import { runTryMapping } from './try-mapping.ts';

const folder = mkdtempSync(join(tmpdir(), 'faultline-mapping-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fileOf = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const receivedAtMs = Date.UTC(2026, 2, 1, 12);
const body = fileOf('body.json', '{"check":"ping db-1","state":"down","since":1772366280,"server":"db-1"}');
const expression =
  '{ "alerts": [{ "name": check, "status": state = "down" ? "firing" : "resolved", "host": server, "startsAt": since }] }';
const run = (options: object, mappings: readonly object[] = []) =>
  runTryMapping(
    { file: body, source: undefined, expressionFile: undefined, headers: [], ...options },
    loadAppConfig({ overrides: { ingest: { mappings } } }),
    receivedAtMs,
  );

describe('try-mapping', () => {
  it('shows what a body becomes by a mapping of the configuration', async () => {
    const { isOk, text } = await run({ source: 'pinger' }, [{ name: 'pinger', expression }]);
    expect(isOk).toBe(true);
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'alert: ping db-1',
        '  entity: node:db-1',
        '  status: firing',
        '  starts: 2026-03-01T11:58:00.000Z',
        '  environment: not named',
      ]),
    );
  });

  it('tries an expression of a file, with headers', async () => {
    const expressionFile = fileOf('mapping.jsonata', '{ "ignored": [$lookup($headers, "x-event")] }');
    expect(await run({ expressionFile, headers: ['X-Event=ping'] })).toEqual({ isOk: true, text: 'not used: ping\n' });
  });

  it('names a header that the mapping reads and the trial does not have', async () => {
    const hint = 'the mapping reads the header x-github-event: give it with --header x-github-event=VALUE';
    expect((await run({ source: 'github' })).text).toContain(hint);
    const { text } = await run({ source: 'github', headers: ['X-GitHub-Event=ping'] });
    expect(text).toBe('not used: the event ping\n');
  });

  it('says what is wrong', async () => {
    const wrong = { name: 'pinger', expression: '{ "alerts": [{ "title": check }] }' };
    expect(await run({ source: 'pinger' }, [wrong])).toMatchObject({
      isOk: false,
      text: expect.stringContaining('alerts[0].name: expected a text'),
    });
    expect((await run({})).text).toContain('datadog');
    expect((await run({ source: 'githb' })).text).toMatch(
      /^refused: source: expected a source with a mapping.*`ingest\.mappings` \(did you mean `github`\?\), got githb\n$/,
    );
  });

  it.each([
    [{ file: '/no/such' }, 'FILE'],
    [{ expressionFile: '/no/such' }, '--expression'],
  ])('names a file that cannot be read: %j', async (options, argument) => {
    const { isOk, text } = await run({ source: 'github', ...options });
    expect(isOk).toBe(false);
    expect(text).toMatch(
      new RegExp(`^try-mapping: ${argument}: expected a file that can be read, got /no/such \\(ENOENT`),
    );
  });
});
