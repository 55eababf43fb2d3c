import { useState } from 'preact/hooks';
import { type CommandName, sendCommand } from '../api/client.ts';
import type { Incident } from '../api/types.ts';

const nameKey = 'faultline-name';

type Asking = 'resolve' | 'notes' | null;

/** What a person can do: acknowledge, resolve with what fixed it, reopen, note. Each says how it went. */
export function Actions({ incident }: { readonly incident: Incident }) {
  const [asking, setAsking] = useState<Asking>(null);
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<{ readonly failed: boolean; readonly text: string } | null>(null);
  const act = async (command: CommandName, fields: Readonly<Record<string, string>> = {}) => {
    setBusy(true);
    setOutcome(null);
    try {
      const { state } = await sendCommand(incident, command, { ...fields, actor: localStorage.getItem(nameKey) ?? '' });
      setOutcome(state === 'done' ? null : { failed: false, text: 'Taken; its effect will show here in a moment.' });
      setAsking(null);
    } catch (error) {
      setOutcome({ failed: true, text: error instanceof Error ? error.message : String(error) });
    } finally {
      setBusy(false);
    }
  };
  const toggle = (next: Asking) => setAsking(asking === next ? null : next);
  return (
    <section class="actions" aria-label="Actions">
      <div class="buttons">
        {incident.status === 'open' && (
          <button type="button" class="primary" disabled={busy} onClick={() => void act('acknowledge')}>
            Acknowledge
          </button>
        )}
        {incident.status === 'resolved' ? (
          <button type="button" disabled={busy} onClick={() => void act('reopen')}>
            Reopen
          </button>
        ) : (
          <button type="button" disabled={busy} aria-expanded={asking === 'resolve'} onClick={() => toggle('resolve')}>
            Resolve…
          </button>
        )}
        <button type="button" disabled={busy} aria-expanded={asking === 'notes'} onClick={() => toggle('notes')}>
          Add note…
        </button>
        <NameField />
      </div>
      {asking === 'resolve' && (
        <Ask
          label="What fixed it?"
          button="Resolve"
          busy={busy}
          onSay={(resolution) => void act('resolve', { resolution })}
        />
      )}
      {asking === 'notes' && (
        <Ask label="Note" button="Add" busy={busy} onSay={(text) => void act('notes', { text })} />
      )}
      <p role="status" class={outcome?.failed ? 'problem' : 'quiet'}>
        {outcome?.text ?? ''}
      </p>
    </section>
  );
}

interface AskProps {
  readonly label: string;
  readonly button: string;
  readonly busy: boolean;
  readonly onSay: (text: string) => void;
}

function Ask({ label, button, busy, onSay }: AskProps) {
  const [text, setText] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    onSay(text.trim());
  };
  return (
    <form class="ask" onSubmit={submit}>
      <label>
        {label}
        <input
          value={text}
          maxLength={2000}
          ref={focusWhenShown}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="primary" disabled={busy || text.trim() === ''}>
        {button}
      </button>
    </form>
  );
}

/** The field opens by a press of its own button, and typing is what comes next. One function, so that it runs once. */
function focusWhenShown(field: HTMLInputElement | null): void {
  field?.focus();
}

/** Who acts, for the timeline; kept by the browser. */
function NameField() {
  const stored = typeof localStorage === 'undefined' ? '' : (localStorage.getItem(nameKey) ?? '');
  return (
    <label class="name-field">
      as
      <input
        defaultValue={stored}
        placeholder="your name"
        maxLength={60}
        autocomplete="nickname"
        onChange={(event) => localStorage.setItem(nameKey, event.currentTarget.value.trim())}
      />
    </label>
  );
}
