import type { Clock } from '@faultline/runtime';
import { rfc3339OrNull } from '../api/json-value.ts';
import { type Operation, unary } from '../api/operation.ts';
import { unavailable } from '../errors.ts';
import type { createDeadLetterList } from '../ledger/dead-letters.ts';
import type { createPendingCounter } from '../ledger/pending.ts';
import type { LedgerReadModel, LedgerRow } from '../ledger/read-model.ts';
import type { createDeadLetterReplay } from '../ledger/replay.ts';
import * as requests from '../ledger/requests.ts';

export interface LedgerHandlers {
  readonly ledger: LedgerReadModel;
  readonly pending: ReturnType<typeof createPendingCounter>;
  readonly deadLetters: ReturnType<typeof createDeadLetterList>;
  readonly replayDeadLetters: ReturnType<typeof createDeadLetterReplay>;
  readonly clock: Clock;
}

function ledgerRowJson({ lastHeardMs, ...row }: LedgerRow) {
  return { ...row, lastHeard: rfc3339OrNull(lastHeardMs) };
}

export function ledgerOperations(handlers: LedgerHandlers): readonly Operation[] {
  const { ledger, pending, deadLetters, replayDeadLetters, clock } = handlers;
  return [
    unary({
      rpc: 'LedgerService/GetLedger',
      http: 'GET /ledger',
      summary: 'Count where every accepted item went.',
      request: requests.getLedgerRequest,
      handle: async () => {
        if (!ledger.ready) throw unavailable('still reading the ledger; try again in a moment');
        return { sources: ledger.rows(await pending(), clock()).map(ledgerRowJson) };
      },
    }),
    unary({
      rpc: 'LedgerService/ListDeadLetters',
      http: 'GET /dead-letters',
      summary: 'List refused items, newest first.',
      request: requests.listDeadLettersRequest,
      handle: deadLetters,
    }),
    unary({
      rpc: 'LedgerService/ReplayDeadLetters',
      http: 'POST /dead-letters/replay',
      summary: 'Send dead letters again, mended by a mapping if there is one. What is sent twice counts once.',
      request: requests.replayDeadLettersRequest,
      handle: replayDeadLetters,
    }),
  ];
}
