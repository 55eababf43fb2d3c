import { useRef, useState } from 'preact/hooks';
import { words } from '../words.ts';

type Copied = 'no' | 'yes' | 'selected';

/** A text to be copied: the ClickHouse query behind a piece of evidence, or a configuration. */
export function QueryView({ query, label = words.query }: { readonly query: string; readonly label?: string }) {
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
      <summary>{label}</summary>
      <button type="button" onClick={copy}>
        {words.copy[copied]}
      </button>
      <pre ref={text}>{query}</pre>
    </details>
  );
}
