/** Runs one harness in a process of its own, so that CPU times do not mix. Talks to its parent by messages. */
import { type Cost, createHarness, type Harness, type HarnessOptions } from './harness.ts';

export type Request =
  | { readonly kind: 'fill'; readonly options: HarnessOptions }
  | { readonly kind: 'measure'; readonly alerts: number }
  | { readonly kind: 'stop' };
export type Reply = { readonly filledMs: number } | Cost | { readonly memoryMb: number };

let harness: Harness | undefined;

async function answer(request: Request): Promise<Reply> {
  if (request.kind === 'fill') {
    const startedAt = performance.now();
    harness = await createHarness(request.options);
    return { filledMs: performance.now() - startedAt };
  }
  if (harness === undefined) throw new Error('fill the harness before the measurement');
  if (request.kind === 'measure') return harness.measure(request.alerts);
  const { memoryMb } = harness;
  await harness.stop();
  return { memoryMb };
}

process.on('message', (request: Request) => {
  void answer(request).then((reply) => process.send?.(reply));
});
