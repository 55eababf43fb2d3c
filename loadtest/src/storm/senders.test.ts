import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { inParallel, postAlerts, type Sent } from './senders.ts';

it('sends a batch again that was refused, and counts the refusal', async () => {
  const answers = [503, 200];
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(answers.shift() ?? 500, { 'retry-after': '0' }).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const sent: Sent = { latenciesMs: [], refused: 0 };
  await postAlerts(`http://127.0.0.1:${port}/`, [], sent);
  expect(sent).toMatchObject({ refused: 1, latenciesMs: [expect.any(Number)] });
  await new Promise((resolve) => server.close(resolve));
});

it('does each piece of work once, a few at a time', async () => {
  const done: number[] = [];
  let running = 0;
  let most = 0;
  await inParallel(20, 3, async (index) => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    running--;
    done.push(index);
  });
  expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index));
  expect(most).toBe(3);
});
