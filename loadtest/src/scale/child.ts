/** One rig in a process of its own, so that the processor time of one is not that of another. Speaks with its parent by messages. */
import { type Cost, createRig, type Rig, type RigOptions } from './rig.ts';

export type Request =
  | { readonly kind: 'fill'; readonly options: RigOptions }
  | { readonly kind: 'measure'; readonly alerts: number }
  | { readonly kind: 'stop' };
export type Reply = { readonly filledMs: number } | Cost | { readonly memoryMb: number };

let rig: Rig | undefined;

async function answer(request: Request): Promise<Reply> {
  if (request.kind === 'fill') {
    const began = performance.now();
    rig = await createRig(request.options);
    return { filledMs: performance.now() - began };
  }
  if (rig === undefined) throw new Error('not filled');
  if (request.kind === 'measure') return rig.measure(request.alerts);
  const { memoryMb } = rig;
  await rig.stop();
  return { memoryMb };
}

process.on('message', (request: Request) => {
  void answer(request).then((reply) => process.send?.(reply));
});
