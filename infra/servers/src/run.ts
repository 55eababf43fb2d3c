/** Runs a program to its end. */
import { execFile } from 'node:child_process';
import { missingTool, ServerError } from './errors.ts';

/** Resolves with its output. Rejects with a ServerError that says what to install, or how it failed. */
export function run(program: string, args: readonly string[], cwd?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout + stderr);
      else if (error.code === 'ENOENT') reject(missingTool(program));
      else reject(new ServerError(`${program} ${args.join(' ')}\n${stdout}${stderr}`.trimEnd(), { cause: error }));
    });
  });
}
