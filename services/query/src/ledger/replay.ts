/** Sends dead letters again. They are read from their topic: the API shows only the first 64 KiB of a body. */
import type { Bus, LogRecord } from '@faultline/bus';
import { codecs, type DeadLetter } from '@faultline/model';
import type { Call } from '../api/call.ts';
import { readBackwards } from './read-backwards.ts';
import type { ReplayDeadLettersRequest } from './requests.ts';

type Sent = Pick<DeadLetter, 'id' | 'source' | 'signal' | 'contentType' | 'payload' | 'receivedAtMs'>;

/** What takes a letter again. Never rejects. The same letter twice counts once. */
export type ReplayLetter = (
  letter: Sent & { readonly tenant: string },
  options: Pick<ReplayDeadLettersRequest, 'mapping' | 'headers'>,
) => Promise<{ readonly ok: true; readonly path: string } | { readonly ok: false; readonly reason: string }>;

/** For a process that was given nothing that takes letters. */
export const cannotReplay: ReplayLetter = async () => ({ ok: false, reason: 'this process cannot send letters again' });

/** About 50,000 dead letters. */
const maxSteps = 200;

/** The handler of ReplayDeadLetters. Letters go one after the other, in the order of the ids. */
export function createDeadLetterReplay(bus: Bus, replayLetter: ReplayLetter) {
  return async ({ ids, mapping, headers }: ReplayDeadLettersRequest, { tenant, signal }: Call) => {
    const letters = await findLetters(bus, tenant, new Set(ids));
    const results: { id: string; replayed: boolean; text: string }[] = [];
    for (const id of ids) {
      const letter = letters.get(id);
      if (signal.aborted) break;
      const replayed =
        letter === undefined
          ? ({ ok: false, reason: 'there is no such dead letter of this tenant' } as const)
          : await replayLetter({ ...letter, tenant }, { mapping, headers });
      results.push({ id, replayed: replayed.ok, text: replayed.ok ? replayed.path : replayed.reason });
    }
    return { replayed: results.filter(({ replayed }) => replayed).length, results };
  };
}

/** The letters with these ids, from the newest backwards. Stops once all are found. */
async function findLetters(
  bus: Bus,
  tenant: string,
  ids: ReadonlySet<string>,
): Promise<ReadonlyMap<string, DeadLetter>> {
  const found = new Map<string, DeadLetter>();
  for await (const { records } of readBackwards(bus, { tenant, source: '', below: null, maxSteps })) {
    for (const letter of records.flatMap(decoded)) if (ids.has(letter.id)) found.set(letter.id, letter);
    if (found.size === ids.size) break;
  }
  return found;
}

function decoded({ value }: LogRecord): readonly DeadLetter[] {
  const result = value === null ? null : codecs.deadLetter.decode(value);
  return result?.ok === true ? [result.value] : [];
}
