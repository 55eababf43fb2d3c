/** The parent's side of child.ts. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FromChild, Measured, ToChild } from './child.ts';

export interface FaultlineChild {
  readonly http: string;
  readonly otlp: string;
  begin(): Promise<void>;
  /** Measures what happened since `begin`. */
  end(): Promise<Measured>;
  /** Records that the recorder has not committed. */
  unread(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts Faultline on a temporary folder. `withViews` false: its store has no materialised views. */
export async function startFaultlineChild({ withViews }: { withViews: boolean }): Promise<FaultlineChild> {
  const child = fork(join(import.meta.dirname, 'child.ts'), withViews ? [] : ['--without-views']);
  const { http, otlp } = await next(child, 'started');
  const ask = <Kind extends FromChild['kind']>(message: ToChild, kind: Kind) => {
    const reply = next(child, kind);
    child.send(message);
    return reply;
  };
  return {
    ...{ http, otlp },
    begin: async () => void (await ask('begin', 'begun')),
    end: async () => (await ask('end', 'measured')).measured,
    unread: async () => (await ask('unread', 'unread')).records,
    stop: async () => {
      const ended = once(child, 'exit');
      child.send('stop' satisfies ToChild);
      await ended;
    },
  };
}

/** The next message of a kind. Rejects when the child ends before. */
function next<Kind extends FromChild['kind']>(
  child: ChildProcess,
  kind: Kind,
): Promise<Extract<FromChild, { kind: Kind }>> {
  return new Promise((resolve, reject) => {
    const settle = (done: () => void) => {
      child.off('message', onMessage).off('exit', onExit);
      done();
    };
    const onMessage = (message: FromChild) => {
      if (message.kind === kind) settle(() => resolve(message as Extract<FromChild, { kind: Kind }>));
    };
    const onExit = () => settle(() => reject(new Error('Faultline ended while it was measured')));
    child.on('message', onMessage).on('exit', onExit);
  });
}
