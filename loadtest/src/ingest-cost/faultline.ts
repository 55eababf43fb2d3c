/** Faultline's ingest alone, in a process of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Target } from './target.ts';

export interface FaultlineOptions {
  readonly name: string;
  /** The checkout to run: this one, or one of another commit. */
  readonly folder: string;
  /** Kafka's brokers; null: the embedded log. */
  readonly brokers: string | null;
}

export interface StartedMessage {
  readonly grpc: number;
  readonly http: number;
}

/** The topic that holds the spans of a Faultline of this name on Kafka. */
export const spansTopicOf = (name: string): string => `${name}.spans`;

export async function startIngest({ name, folder, brokers }: FaultlineOptions): Promise<Target> {
  return startChild(name, fork(join(import.meta.dirname, 'child.ts'), [folder, brokers ?? '', name]));
}

/** A receiver that only inflates, walks and writes; see floor-child.ts. */
export async function startFloor({ name, brokers }: Omit<FaultlineOptions, 'folder'>): Promise<Target> {
  return startChild(name, fork(join(import.meta.dirname, 'floor-child.ts'), [brokers ?? '', name]));
}

async function startChild(name: string, child: ChildProcess): Promise<Target> {
  const started = new Promise<StartedMessage>((resolve, reject) => {
    child.once('message', (message: StartedMessage) => resolve(message));
    child.once('exit', () => reject(new Error(`${name} ended while it started`)));
  });
  const { grpc, http } = await started;
  return {
    ...{ name, pid: child.pid ?? 0, grpc, http },
    stop: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
