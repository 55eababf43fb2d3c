/** Parses the Dockerfile: its stages, and the effective instruction of each kind. */
import { readFileSync } from 'node:fs';
import { DockerfileParser, type Instruction, type JSONInstruction } from 'dockerfile-ast';

export interface Step {
  readonly keyword: string;
  /** Without flags. */
  readonly args: readonly string[];
  /** `--from=console` is `from`: `console`. */
  readonly flags: Readonly<Record<string, string>>;
  /** Strings of the JSON form. Empty for any other form. */
  readonly json: readonly string[];
}

export interface Stage {
  readonly name: string;
  /** An image, or the name of an earlier stage. */
  readonly base: string;
  readonly steps: readonly Step[];
}

/** Returns the stages in order. */
export function readDockerfile(path: string): readonly Stage[] {
  const stages: { name: string; base: string; steps: Step[] }[] = [];
  for (const instruction of DockerfileParser.parse(readFileSync(path, 'utf8')).getInstructions()) {
    const step = stepOf(instruction);
    const [base = '', , name = ''] = step.args;
    if (step.keyword === 'FROM') stages.push({ name, base, steps: [] });
    else stages.at(-1)?.steps.push(step);
  }
  return stages;
}

function stepOf(instruction: Instruction): Step {
  const { getFlags, getJSONStrings } = instruction as Partial<JSONInstruction>;
  return {
    keyword: instruction.getKeyword(),
    args: instruction.getArguments().map((argument) => argument.getValue()),
    flags: Object.fromEntries(
      (getFlags?.call(instruction) ?? []).map((flag) => [flag.getName(), flag.getValue() ?? '']),
    ),
    json: (getJSONStrings?.call(instruction) ?? []).map((text) => text.getJSONValue()),
  };
}

/** A stage with the stages that it builds on, first one first: all steps behind its file system. */
export function stepsOf(stages: readonly Stage[], name: string): readonly Step[] {
  const stage = stages.find((candidate) => candidate.name === name);
  return stage === undefined ? [] : [...stepsOf(stages, stage.base), ...stage.steps];
}

/** The last step of a kind overrides the earlier ones. */
export function lastStep(steps: readonly Step[], keyword: string): Step | undefined {
  return steps.findLast((step) => step.keyword === keyword);
}
