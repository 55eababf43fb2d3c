import type { CommandRun } from '@faultline/runtime';
import { AppError } from '@faultline/runtime';
import { startCommand } from './commands.ts';

export type StartValues = CommandRun<typeof startCommand.options>['values'];

/** The error of a command line that cannot be read. It names the flag and those that exist. */
export function badFlag(text: string): AppError {
  const [reason = ''] = text.split('\n', 1);
  const flags = Object.entries(startCommand.options).map(([name, { value }]) => `--${name} ${value}`);
  return new AppError('ALL_BAD_FLAG', `${reason}; there are ${flags.join(', ')}`, { kind: 'permanent' });
}
