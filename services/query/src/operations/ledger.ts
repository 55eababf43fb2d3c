import type { Clock } from '@faultline/runtime';
import { rfc3339OrNull } from '../api/json-value.ts';
import { type Operation, unary } from '../api/operation.ts';
import { unavailable, unimplemented } from '../errors.ts';
import type { createDeadLetterList } from '../ledger/dead-letters.ts';
import type { createPendingCounter } from '../ledger/pending.ts';
import type { LedgerReadModel, LedgerRow } from '../ledger/read-model.ts';
import * as requests from '../ledger/requests.ts';

export interface LedgerHandlers {
  readonly ledger: LedgerReadModel;
  readonly pending: ReturnType<typeof createPendingCounter>;
  readonly deadLetters: ReturnType<typeof createDeadLetterList>;
  readonly clock: Clock;
}

function ledgerRowJson({ lastHeardMs, ...row }: LedgerRow) {
  return { ...row, lastHeard: rfc3339OrNull(lastHeardMs) };
}

export function ledgerOperations({ ledger, pending, deadLetters, clock }: LedgerHandlers): readonly Operation[] {
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
      summary:
        'Not implemented. `npm run dead-letters -- replay` takes the letters out of the API and sends each again to its source.',
      request: requests.replayDeadLettersRequest,
      handle: async () => {
        throw unimplemented('replay is not offered yet; list the dead letter and send its payload again to its source');
      },
    }),
  ];
}
