import { type Operation, unary } from '../api/operation.ts';
import { type createHygiene, hygieneRequest } from '../hygiene/handler.ts';

export interface HygieneHandlers {
  readonly hygiene: ReturnType<typeof createHygiene>;
}

export function hygieneOperations({ hygiene }: HygieneHandlers): readonly Operation[] {
  return [
    unary({
      rpc: 'HygieneService/GetHygiene',
      http: 'GET /hygiene',
      summary: 'Rules that cost more than they tell, with patches and what these would have saved and missed.',
      request: hygieneRequest,
      handle: hygiene,
    }),
  ];
}
