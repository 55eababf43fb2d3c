/** `infra/cli/faultline.sh` sends changes as its help says. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { codecs } from '@faultline/model';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { decoded, type FrontDoor, openFrontDoor } from './testing/ingest.ts';

const script = join(import.meta.dirname, '../../../infra/cli/faultline.sh');
let door: FrontDoor;
let url: string;
beforeEach(async () => {
  door = await openFrontDoor();
  url = await door.server.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => door.close());

const run = (...args: string[]) =>
  promisify(execFile)('sh', [script, ...args], { env: { ...process.env, FAULTLINE_URL: url, USER: 'ana' } });

it('a change', async () => {
  const words = ['--service', 'checkout', '--version', '1.4.2', '--environment', 'prod', '--summary', 'a "b" \\ c\nd'];
  const { stdout } = await run('change', ...words, '--started', String(Math.floor(door.state.nowMs / 1000)));
  expect(JSON.parse(stdout)).toMatchObject({ status: 'accepted', changes: 1 });
  const [change] = (await door.read('changes')).map(({ value }) => decoded(codecs.change, value));
  expect(change).toMatchObject({
    source: 'json',
    kind: 'deploy',
    entities: { service: 'checkout' },
    scope: { environment: 'production' },
    version: '1.4.2',
    summary: 'a "b" \\ c d',
    actor: 'ana',
  });
});

it.each([[['--help']], [['change', '--help']], [['change', '--service', 'a', '-h']]])(
  '%j shows the help',
  async (args) => {
    expect(await run(...args)).toEqual({ stdout: expect.stringMatching(/^usage: faultline\.sh change/), stderr: '' });
  },
);

it.each([
  [['chang'], 'faultline.sh: expected the command change, got chang'],
  [['change', '--vers', '1'], 'faultline.sh: unknown option --vers'],
  [['change', '--service'], 'faultline.sh: --service: expected a value, got nothing'],
  [['change', '--service', 'a'], 'faultline.sh: --version: expected a version, got nothing'],
])('%j says what is wrong', async (args, reason) => {
  await expect(run(...args)).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(`${reason}\nusage`) });
});

it('says how it is used, and fails when Faultline refuses', async () => {
  await expect(run('change', '--service', 'checkout')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('usage'),
  });
  const refused = run('change', '--service', 'a', '--version', '1', '--kind', 'party');
  await expect(refused).rejects.toMatchObject({ stdout: expect.stringContaining('changes[0].kind') });
  // One refusal is one dead letter: the same body would be refused again.
  expect(await door.read('dead-letters')).toHaveLength(1);
});
