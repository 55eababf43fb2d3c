/** A body without what its source needs is refused, and the refusal names the part. Or nothing of it is used, and the reply says so. */
import { afterEach, expect, it } from 'vitest';
import { declaredSources } from './sources/index.ts';
import { type FrontDoor, openFrontDoor } from './testing/ingest.ts';

let door: FrontDoor;
afterEach(() => door.close());

/** Their address says everything. */
const withoutBody = /\/(close|acknowledge)$/;
const paths = declaredSources
  .flatMap(({ routes }) => routes.map(({ path }) => path))
  .filter((path) => !withoutBody.test(path));

const send = (path: string, payload: string) =>
  door.server.inject({ method: 'POST', url: path, headers: { 'content-type': 'application/json' }, payload });

const refusal = /(header )?[\w.[\]-]+: expected /;
const reasonUnused = /not used: \w/;

it.each(['{}', '{"a":1}', '[]', '[{}]', 'null'])(
  '%s is no alert and no change of any source',
  async (payload) => {
    door = await openFrontDoor({ config: { limits: { mappingMs: 60_000 } } });
    const wrong: string[] = [];
    for (const path of paths) {
      const { statusCode, body } = await send(path, payload);
      const isEmptyList = statusCode === 200 && payload === '[]' && path.endsWith('/api/v2/alerts');
      const isRight = statusCode < 300 ? reasonUnused.test(body) || isEmptyList : refusal.test(body);
      if (!isRight) wrong.push(`${path}: ${statusCode} ${body}`);
    }
    expect(wrong).toEqual([]);
    expect([...(await door.read('alerts')), ...(await door.read('changes'))]).toEqual([]);
  },
  60_000,
);

it.each([
  ['/ingest/argo-cd', { app: 'checkout' }, 'phase: expected the phase of the sync, got nothing'],
  ['/ingest/flux', { severity: 'error' }, 'involvedObject.kind: expected the kind of the object, got nothing'],
  ['/ingest/github', { ref: 'refs/heads/main' }, 'header x-github-event: expected the name of the event'],
  ['/v2/alerts', { alias: 'a' }, 'message: expected the title of the alert, got nothing'],
])('%s names what is missing', async (path, body, reason) => {
  door = await openFrontDoor();
  const answer = await send(path, JSON.stringify(body));
  expect([answer.statusCode, answer.json().code]).toEqual([400, 'INGEST_INVALID']);
  expect(answer.json().message).toContain(reason);
  expect(await door.deadLetters()).toMatchObject([{ reason: expect.stringContaining(reason) }]);
});

it('a mapping of the configuration decides for itself what it needs', async () => {
  const expression = '{ "changes": [{ "summary": "Rolled out " & thing }] }';
  door = await openFrontDoor({ config: { mappings: [{ name: 'argo-cd', expression }] } });
  expect((await send('/ingest/argo-cd', '{"thing": "cart"}')).json()).toMatchObject({ changes: 1 });
});

it('another mapping for a source whose bodies may hold secrets keeps no body either', async () => {
  const expression = '{ "changes": [{ "summary": "Planned" }] }';
  door = await openFrontDoor({ config: { mappings: [{ name: 'terraform-plan', expression }] } });
  await send('/ingest/terraform-plan', '{"variables": {"password": "hush"}}');
  const [change] = await door.read('changes');
  expect(Buffer.from(change?.value ?? '').includes('hush')).toBe(false);
});
