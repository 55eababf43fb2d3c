import { useRef, useState } from 'preact/hooks';

type Copied = 'no' | 'yes' | 'selected';
const words: Readonly<Record<Copied, string>> = { no: 'Copy', yes: 'Copied', selected: 'Selected: copy it now' };

/** The query that shows an evidence, to be pasted into a ClickHouse client. */
export function QueryView({ query }: { readonly query: string }) {
  const text = useRef<HTMLPreElement>(null);
  const [copied, setCopied] = useState<Copied>('no');
  if (query === '') return null;
  // Without TLS browsers give pages no clipboard: then the text is selected instead.
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
      <summary>Query</summary>
      <button type="button" onClick={copy}>
        {words[copied]}
      </button>
      <pre ref={text}>{query}</pre>
    </details>
  );
}
