import { parseArgs } from 'node:util';
import { AppError } from '@faultline/runtime';

export interface Flags {
  readonly data?: string | undefined;
  readonly config?: readonly string[] | undefined;
  readonly only?: string | undefined;
}

/** Reads the command line of `npm start`. Throws ALL_BAD_FLAG naming the flag and those that there are. */
export function parseFlags(args: readonly string[]): Flags {
  try {
    const options = {
      data: { type: 'string' },
      config: { type: 'string', multiple: true },
      only: { type: 'string' },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    const [reason] = (error as Error).message.split('. ', 1);
    throw new AppError(
      'ALL_BAD_FLAG',
      `${reason}; there are --data DIR, --config FILE (may be repeated) and --only a,b`,
      {
        kind: 'permanent',
        cause: error,
      },
    );
  }
}
