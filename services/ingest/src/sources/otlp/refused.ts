/** What a decoder throws: the fault of one item, or of the whole request. */
import type { Problem } from '../../source.ts';

/** Refuses the item that is being read. The items beside it are kept. */
export class RefusedItem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.reason);
    this.problem = problem;
  }
}

/** Refuses the whole request: it is over a limit that holds for all of it. */
export class RefusedRequest extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.reason);
    this.problem = problem;
  }
}
