export interface ServerEvent {
  readonly id: string;
  readonly data: string;
}

/**
 * Parses server-sent events from chunks of text that may be split anywhere. `push` returns the events that the chunk completed.
 * Comments, which the server sends as heartbeats, are skipped.
 */
export function createEventParser(): { push(chunk: string): readonly ServerEvent[] } {
  let rest = '';
  return {
    push: (chunk) => {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop() ?? '';
      return blocks.flatMap(parseBlock);
    },
  };
}

function parseBlock(block: string): readonly ServerEvent[] {
  const fields = block.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line));
  const fieldNamed = (name: string) => fields.find((field) => field?.[1] === name)?.[2];
  const data = fieldNamed('data');
  return data === undefined ? [] : [{ id: fieldNamed('id') ?? '', data }];
}
