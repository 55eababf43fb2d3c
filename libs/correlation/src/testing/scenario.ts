/**
 * Plays a scenario of plain text: blocks of commands, each followed by `----` and what the machine did. See testdata/README.md for the
 * commands. Between two commands the player sends a tick whenever a timer of the machine is due.
 */
import { checkCommand } from './grammar.ts';
import { parseInput } from './parse.ts';
import { originMs, Player } from './player.ts';
import { parseSpan } from './span.ts';

interface Block {
  readonly text: string;
  /** `FILE:LINE` of its lines, from the first one on. */
  readonly placeOf: (line: number) => string;
}

/** The scenario's text with what the machine does now. An error names the line of `file`. */
export function playScenario(text: string, file = 'scenario'): string {
  const player = new Player();
  return `${blocksOf(text, file)
    .map((block) => playBlock(player, block))
    .join('\n\n')}\n`;
}

/** The machine after the whole scenario, with the inputs that it took. */
export function playedScenario(text: string, file = 'scenario'): Player {
  const player = new Player();
  for (const block of blocksOf(text, file)) playBlock(player, block);
  return player;
}

function blocksOf(text: string, file: string): Block[] {
  const parts = text.trimEnd().split(/(\n\n+)/);
  return parts.flatMap((part, i) => {
    if (i % 2 === 1) return [];
    const first = parts.slice(0, i).join('').split('\n').length;
    return [{ text: part, placeOf: (line: number) => `${file}:${first + line}` }];
  });
}

function playBlock(player: Player, { text, placeOf }: Block): string {
  const head = text.split('\n----')[0] ?? '';
  const lines = head.split('\n').map((line, i) => ({ line, place: placeOf(i) }));
  const commands = lines.filter(({ line }) => line !== '' && !line.startsWith('#'));
  if (commands.length === 0) return head;
  const output = commands.flatMap(({ line, place }) => playLineOf(player, line, place));
  return [head, '----', ...(output.length === 0 ? ['nothing'] : output)].join('\n');
}

function playLineOf(player: Player, line: string, place: string): string[] {
  try {
    return playLine(player, line);
  } catch (error) {
    throw new Error(`${place}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** One line of a scenario: a time, then what happens. Throws on a line that is not understood. */
export function playLine(player: Player, line: string): string[] {
  const [, time = '', rest = ''] = /^(?:at )?(\S+)(?: (.*))?$/.exec(line) ?? [];
  const passed = player.passTo(timeOf(player, time));
  if (rest === '') return passed;
  if (rest === 'restart') return [...passed, player.restart()];
  checkCommand(rest, player.names);
  const input = parseInput(player, rest);
  return [...passed, ...(typeof input === 'string' ? [input] : player.give(input))];
}

function timeOf(player: Player, time: string): number {
  const atMs = originMs + parseSpan(time);
  if (Number.isNaN(atMs)) throw new Error(`"${time}": expected "at TIME COMMAND" with a time such as 90s, 2.5s or 5m`);
  if (atMs < player.atMs) throw new Error(`"${time}": expected ${player.clock().slice(1)} or later: times only go on`);
  return atMs;
}
