/** `npm run config -- check`: everything that `npm start` would refuse, at once. */
import { ruleWarnings } from '@faultline/correlator';
import { AppError, describeInspection, type Environment, inspectConfig } from '@faultline/runtime';
import { foldersOf } from './app-config.ts';
import { sections } from './sections.ts';
import { parseServiceNames } from './service-list.ts';
import { findStartProblems } from './start-problems.ts';

export interface CheckOptions {
  readonly config?: readonly string[];
  readonly data?: string;
  readonly only?: string;
  readonly env: Environment;
  /** Default: now. Rules that are over are warned of. */
  readonly nowMs?: number;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
}

/** Resolves with the exit code: 0 without problems, else 1. Warnings are printed, and do not change it: a start logs them. */
export async function runCheck(options: CheckOptions): Promise<number> {
  const { config: file, data, only, env, nowMs = Date.now(), write, writeError } = options;
  try {
    const services = parseServiceNames(only);
    const inspection = inspectConfig({ sections, file, env, overrides: foldersOf(data) });
    // The sections that are good by themselves are checked in spite of the others.
    const startProblems = await findStartProblems(inspection.sections, services);
    const problems = [...inspection.problems, ...startProblems];
    const where = file === undefined ? 'the defaults' : inspection.where;
    const { correlator } = inspection.sections;
    const warnings = correlator === undefined ? [] : ruleWarnings(correlator, nowMs);
    if (warnings.length > 0) writeError(`${describeWarnings(where, warnings)}\n`);
    if (problems.length === 0) write(`${where}: the configuration is valid\n`);
    else writeError(`${describeInspection({ where, problems })}\n`);
    return problems.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    writeError(`${error.message} [${error.code}]\n`);
    return 1;
  }
}

function describeWarnings(where: string, warnings: readonly string[]): string {
  const list = warnings.map((warning) => `\n  - ${warning}`).join('');
  return `${where} has ${warnings.length} warning${warnings.length > 1 ? 's' : ''}:${list}`;
}
