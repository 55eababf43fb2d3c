/**
 * Ends the process at once, with queries still running. `process.exit` runs the destructors of native libraries, and the
 * embedded ClickHouse engine crashes in them while its threads work. `execve` (POSIX) drops the threads without running
 * them. Windows has no `execve`, and no embedded engine.
 */
export function endProcess(exitCode: number): never {
  if (process.execve !== undefined)
    process.execve(process.execPath, [process.execPath, '-e', `process.exit(${exitCode})`], {});
  process.exit(exitCode);
}
