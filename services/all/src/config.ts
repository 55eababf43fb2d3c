/** `npm run config -- COMMAND`: checks, prints and documents the configuration, and shows what a label set is about. */
import { entityRuleIds } from '@faultline/model';
import {
  AppError,
  type ConfigCommandOptions,
  readCommandLine,
  runConfigCommand,
  systemClock,
} from '@faultline/runtime';
import { type AppConfig, foldersOf, loadAppConfig } from './app-config.ts';
import { runBacktest } from './backtest.ts';
import { runCheck } from './check.ts';
import { configCommand } from './commands.ts';
import { runHygiene } from './hygiene.ts';
import { reportOnCall } from './on-call.ts';
import { reportOwners } from './owners.ts';
import { sections } from './sections.ts';
import { parseLabels, tryLabels } from './try-labels.ts';
import { runTryMapping } from './try-mapping.ts';
import { runWhy } from './why.ts';

const { positionals, values } = readCommandLine(configCommand);
const write = (text: string) => void process.stdout.write(text);
const writeError = (text: string) => void process.stderr.write(text);
const [command, ...words] = positionals;
process.exitCode = await runCommand();

async function runCommand(): Promise<number> {
  if (command === 'check') return await runCheck({ ...values, env: process.env, write, writeError });
  if (command === 'try-labels') return await runTryLabels();
  if (command === 'try-mapping') return await tryMappingOfFile();
  if (command === 'backtest') return await backtestFiles();
  if (command === 'rules') return listRules();
  if (command === 'owners') return await showOwners();
  if (command === 'why') return await explainOne();
  if (command === 'on-call') return await showOnCall();
  if (command === 'hygiene') return await showHygiene();
  return runConfigCommand(command, printOptions());
}

function listRules(): number {
  write(`${entityRuleIds().join('\n')}\n`);
  return 0;
}

function printOptions(): ConfigCommandOptions {
  const { config: file, data, diff = false } = values;
  return { sections, file, overrides: foldersOf(data), diff, env: process.env, write, writeError };
}

async function runTryLabels(): Promise<number> {
  const labels = parseLabels(words);
  if (labels === null) {
    writeError('try-labels: expected labels as NAME=VALUE\n');
    return 2;
  }
  return await withConfig(async (appConfig) => {
    write(tryLabels(labels, appConfig));
    return 0;
  });
}

async function backtestFiles(): Promise<number> {
  if (words.length === 0) {
    writeError('backtest: expected files written by npm run export\n');
    return 2;
  }
  return await withConfig(async (appConfig) => {
    write(runBacktest(words, appConfig));
    return 0;
  });
}

async function showOwners(): Promise<number> {
  return await withConfig(async (appConfig) => {
    const { text, problems } = await reportOwners(appConfig, words[0]);
    write(text);
    for (const problem of problems) writeError(`${problem}\n`);
    return problems.length === 0 ? 0 : 1;
  });
}

async function showOnCall(): Promise<number> {
  return await withConfig(async (appConfig) => {
    const { text, problems } = await reportOnCall(appConfig, systemClock, words[0]);
    write(text);
    for (const problem of problems) writeError(`${problem}\n`);
    return problems.length === 0 ? 0 : 1;
  });
}

async function showHygiene(): Promise<number> {
  const { url = 'http://127.0.0.1:8080', tenant, days = '90', out } = values;
  const token = process.env['FAULTLINE_TOKEN'];
  try {
    write(await runHygiene({ url, tenant, token, days: Number(days), out, nowMs: Date.now() }));
    return 0;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    writeError(`${error.message} [${error.code}]\n`);
    return 1;
  }
}

async function tryMappingOfFile(): Promise<number> {
  const [file] = words;
  if (file === undefined) {
    writeError('try-mapping: expected a file with a body\n');
    return 2;
  }
  const { source, expression: expressionFile, header: headers = [] } = values;
  return await withConfig(async (appConfig) => {
    const result = await runTryMapping({ file, source, expressionFile, headers }, appConfig, Date.now());
    (result.isOk ? write : writeError)(result.text);
    return result.isOk ? 0 : 1;
  });
}

async function explainOne(): Promise<number> {
  const [fingerprint] = words;
  if (fingerprint === undefined) {
    writeError('why: expected the fingerprint of an alert\n');
    return 2;
  }
  const { url = 'http://127.0.0.1:8080', tenant, source = '' } = values;
  try {
    write(await runWhy({ fingerprint, source }, { url, tenant, token: process.env['FAULTLINE_TOKEN'] }));
    return 0;
  } catch (error) {
    return reportError(error);
  }
}

/** Runs with the configuration of the command line. Prints what is wrong with it. */
async function withConfig(run: (appConfig: AppConfig) => Promise<number>): Promise<number> {
  try {
    const { config: file, data: folder } = values;
    return await run(loadAppConfig({ ...(file && { file }), ...(folder !== undefined && { folder }) }));
  } catch (error) {
    return reportError(error);
  }
}

/** Prints what people can mend. Anything else is a bug. */
function reportError(error: unknown): number {
  if (!(error instanceof AppError)) throw error;
  writeError(`${error.message} [${error.code}]\n`);
  return 1;
}
