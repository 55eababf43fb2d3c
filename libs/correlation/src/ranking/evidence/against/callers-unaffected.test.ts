import { expect, it } from 'vitest';
import { finding } from '../../testing/evidence.ts';
import { edge, operation, type Rows } from '../../testing/fixture.ts';
import { suspectOf } from '../../testing/suspect.ts';
import { telemetryGap } from '../telemetry-gap.ts';
import { truncatedCalls } from '../truncated-calls.ts';
import { callersUnaffected } from './callers-unaffected.ts';

const callers = (slow: number): Rows => ({
  operations: operation({ service: 'api', total: [30, 30], self: [5, 5] }),
  edges: ['web', 'a', 'b'].flatMap((from, i) => edge({ from, to: 'api', total: [30, i < slow ? 330 : 30] })),
});

it('is that most callers are served as before', () => {
  const [found] = callersUnaffected.find(suspectOf(callers(1)));
  expect(found?.strength).toBeCloseTo(-2 / 3);
  expect(callersUnaffected.find(suspectOf(callers(2)))).toEqual([]);
});

it('needs several callers with enough calls', () => {
  const few = { edges: ['web', 'a'].flatMap((from) => edge({ from, to: 'api', calls: [500, 10] })) };
  expect(callersUnaffected.find(suspectOf(few))).toEqual([]);
  expect(callersUnaffected.find(suspectOf({ edges: edge({ from: 'web', to: 'api' }) }))).toEqual([]);
});

it('says nothing where only a part is hit, or where calls do not show the fault', () => {
  const gone = finding({ traits: telemetryGap.traits });
  expect(callersUnaffected.find(suspectOf(callers(1), [gone]))).toEqual([]);
  const wrong = finding({ traits: truncatedCalls.traits });
  expect(callersUnaffected.find(suspectOf(callers(1), [wrong]))).toEqual([]);
});
