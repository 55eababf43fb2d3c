/**
 * A reporter for `.ci/run`. Readers of the gate see only the end of its output, so the end must say what failed. The gate has several test runs,
 * so the reporter appends to the file that FAULTLINE_FAILED_TESTS names.
 */
import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** Lines of a message to keep. The first lines say what was expected; the full difference is further up. */
const messageLines = 4;
const lineLength = 240;

interface Failure {
  readonly name: string;
  readonly errors: readonly SerializedError[];
}

/** One line for each failed test, followed by the first lines of its messages. */
export function describeFailures(failures: readonly Failure[]): string {
  return failures
    .flatMap(({ name, errors }) => [`FAILED ${name}`, ...errors.flatMap(linesOf).map((line) => `    ${line}`)])
    .map((line) => `${line.slice(0, lineLength)}\n`)
    .join('');
}

function linesOf({ name, message, stacks }: SerializedError): string[] {
  const [first] = stacks ?? [];
  const text = stripVTControlCharacters(`${name ?? 'Error'}: ${message}`);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return [
    ...lines.slice(0, messageLines),
    ...(first === undefined ? [] : [`at ${relative('.', first.file)}:${first.line}`]),
  ];
}

/** Failed tests, and failures outside of tests: a file that cannot be loaded, a hook that throws. */
function failuresIn(module: TestModule): Failure[] {
  const file = module.relativeModuleId;
  const suites = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
  const tests = module.children.allTests('failed');
  return [
    ...(module.errors().length > 0 ? [{ name: file, errors: module.errors() }] : []),
    ...suites.map((suite) => ({ name: `${file} > ${suite.fullName}`, errors: suite.errors() })),
    ...[...tests].map((test) => ({ name: `${file} > ${test.fullName}`, errors: test.result().errors ?? [] })),
  ];
}

class FailedTests implements Reporter {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const outside = unhandled.map((error) => ({ name: 'outside of any test', errors: [error] }));
    appendFileSync(this.#path, describeFailures([...modules.flatMap(failuresIn), ...outside]));
  }
}

const { FAULTLINE_FAILED_TESTS: path } = process.env;

/** Options for a vitest configuration. Empty outside of the gate, so that vitest uses its own reporters. */
export const gateReporters = path === undefined ? {} : { reporters: ['default', new FailedTests(path)] };
