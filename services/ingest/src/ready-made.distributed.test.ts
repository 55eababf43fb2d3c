/** The configuration that people copy, read by the tools of those who will read it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkConfigOf } from '@faultline/servers';
import { expect, it } from 'vitest';
import { declaredSources } from './sources/index.ts';

const examples = join(import.meta.dirname, '../../../infra/examples');

/** The part of a source's snippet that goes into a file. A comment with the name of the file begins it. */
function snippetFor(source: string, file: string): string {
  const text = declaredSources.find(({ name }) => name === source)?.docs.snippet?.text ?? '';
  const part = text.split(/^(?=# \w+\.yml)/m).find((one) => one.startsWith(`# ${file}`));
  if (part === undefined) throw new Error(`the page of ${source} has nothing for ${file}`);
  return part;
}

it('amtool takes the example for Alertmanager', async () => {
  const said = await checkConfigOf('alertmanager', readFileSync(join(examples, 'alertmanager.yml'), 'utf8'));
  expect(said).toContain('1 receivers');
});

it('amtool takes the receiver of docs/sources', async () => {
  const receiver = snippetFor('alertmanager', 'alertmanager.yml');
  expect(await checkConfigOf('alertmanager', `route: {receiver: faultline}\n${receiver}`)).toContain('1 receivers');
});

it.each(['alertmanager', 'prometheus-remote-write'])('promtool takes the snippet of %s', async (source) => {
  expect(await checkConfigOf('prometheus', snippetFor(source, 'prometheus.yml'))).toContain('SUCCESS');
});

it('a wrong configuration is refused', async () => {
  await expect(checkConfigOf('alertmanager', 'route: {receiver: nobody}\n')).rejects.toThrow('nobody');
  await expect(checkConfigOf('prometheus', 'remote_write: [{uri: x}]\n')).rejects.toThrow('uri');
});
