import { useRef, useState } from 'preact/hooks';
import { words } from '../words.ts';

type Copied = 'no' | 'yes' | 'selected';

interface CopyProps {
  /** A query or a command. */
  readonly query: string;
  readonly title?: string;
}

/** The ClickHouse query behind a piece of evidence, or a command, to be copied. */
export function QueryView({ query, title = words.query }: CopyProps) {
  const text = useRef<HTMLPreElement>(null);
  const [copied, setCopied] = useState<Copied>('no');
  if (query === '') return null;
  // Browsers give pages without TLS no clipboard. The text is selected instead.
  const copy = async () => {
    const done = await navigator.clipboard?.writeText(query).then(
      () => true,
      () => false,
    );
    if (!done && text.current !== null) getSelection()?.selectAllChildren(text.current);
    setCopied(done ? 'yes' : 'selected');
  };
  return (
    <details class="query">
      <summary>{title}</summary>
      <button type="button" onClick={copy}>
        {words.copy[copied]}
      </button>
      <pre ref={text}>{query}</pre>
    </details>
  );
}
