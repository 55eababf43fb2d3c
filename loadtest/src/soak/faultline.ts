/** The Faultline under test, in a process of its own, so that the senders' memory does not count. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { SoakOptions, SoakReply, SoakRequest } from './child.ts';
import type { MemorySample } from './sample.ts';

export interface SoakedFaultline {
  readonly http: string;
  readonly otlp: string;
  sample(seconds: number): Promise<MemorySample>;
  stop(): Promise<void>;
}

/** Resolves when it is up. Rejects when the process ends. */
export async function startSoaked(options: SoakOptions): Promise<SoakedFaultline> {
  const child = fork(join(import.meta.dirname, 'child.ts'));
  const { http, otlp } = await ask(child, { kind: 'start', options }, 'up');
  return {
    http,
    otlp,
    sample: async (seconds) => (await ask(child, { kind: 'sample', seconds }, 'sample')).sample,
    stop: async () => void (await ask(child, { kind: 'stop' }, 'stopped')),
  };
}

/** Sends a request and waits for the reply of that kind. One request at a time. */
function ask<Kind extends SoakReply['kind']>(
  child: ChildProcess,
  request: SoakRequest,
  kind: Kind,
): Promise<Extract<SoakReply, { kind: Kind }>> {
  return new Promise((resolve, reject) => {
    const onEnd = (code: number | null) => reject(new Error(`Faultline ended with exit code ${code}`));
    const onMessage = (reply: SoakReply) => {
      if (!isOf(reply, kind)) return;
      child.off('exit', onEnd).off('message', onMessage);
      resolve(reply);
    };
    child.on('exit', onEnd).on('message', onMessage).send(request);
  });
}

function isOf<Kind extends SoakReply['kind']>(
  reply: SoakReply,
  kind: Kind,
): reply is Extract<SoakReply, { kind: Kind }> {
  return reply.kind === kind;
}
