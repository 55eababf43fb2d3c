import { useRef, useState } from 'preact/hooks';
import { type CommandName, sendCommand } from '../api/client.ts';
import type { Incident } from '../api/types.ts';
import { keepPersonName, personName } from '../part/person.ts';
import { remediationNames, words } from '../words.ts';

type Asking = 'resolve' | 'notes' | 'remediations' | null;

/** The commands of a person: acknowledge, resolve, reopen, not this cause, note. Each shows its result. */
export function Actions({ incident }: { readonly incident: Incident }) {
  const [asking, setAsking] = useState<Asking>(null);
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<{ readonly failed: boolean; readonly text: string } | null>(null);
  const buttons = useRef<HTMLDivElement>(null);
  // The focus would fall to the page when the form goes away.
  const close = () => {
    setAsking(null);
    buttons.current?.querySelector<HTMLButtonElement>('[aria-expanded=true]')?.focus();
  };
  const act = async (command: CommandName, fields: Readonly<Record<string, string | boolean>> = {}) => {
    setBusy(true);
    setOutcome(null);
    try {
      const { state } = await sendCommand(incident, command, { ...fields, actor: personName() });
      setOutcome(state === 'done' ? null : { failed: false, text: words.accepted });
      close();
    } catch (error) {
      setOutcome({ failed: true, text: error instanceof Error ? error.message : String(error) });
    } finally {
      setBusy(false);
    }
  };
  const toggle = (next: Asking) => (asking === next ? close() : setAsking(next));
  return (
    <section class="actions" aria-label={words.actions}>
      <div class="buttons" ref={buttons}>
        {incident.status === 'open' && (
          <button type="button" class="primary" disabled={busy} onClick={() => void act('acknowledge')}>
            {words.acknowledge}
          </button>
        )}
        {incident.status === 'resolved' ? (
          <button type="button" disabled={busy} onClick={() => void act('reopen')}>
            {words.reopen}
          </button>
        ) : (
          <button type="button" disabled={busy} aria-expanded={asking === 'resolve'} onClick={() => toggle('resolve')}>
            {words.resolveDialog}
          </button>
        )}
        <CauseButtons incident={incident} busy={busy} onAct={(command, service) => void act(command, { service })} />
        <button type="button" disabled={busy} aria-expanded={asking === 'notes'} onClick={() => toggle('notes')}>
          {words.addNoteDialog}
        </button>
        {incident.status !== 'resolved' && (
          <button
            type="button"
            disabled={busy}
            aria-expanded={asking === 'remediations'}
            onClick={() => toggle('remediations')}
          >
            {words.triedDialog}
          </button>
        )}
        <NameField />
      </div>
      {asksWhatFixedIt(incident) && (
        <Remediations
          label={words.whatFixedIt}
          kinds={remediationKinds}
          busy={busy}
          onTap={(kind) => void act('remediations', { kind, worked: true })}
        />
      )}
      {asking === 'remediations' && (
        <Remediations
          label={words.whatDidNotHelp}
          kinds={remediationKinds.filter((kind) => kind !== 'false-alarm')}
          busy={busy}
          onTap={(kind) => void act('remediations', { kind, worked: false })}
        />
      )}
      {asking === 'resolve' && (
        <Ask
          label={words.whatFixedIt}
          button={words.resolve}
          busy={busy}
          onCancel={close}
          onSay={(resolution) => void act('resolve', { resolution })}
        />
      )}
      {asking === 'notes' && (
        <Ask
          label={words.note}
          button={words.add}
          busy={busy}
          onCancel={close}
          onSay={(text) => void act('notes', { text })}
        />
      )}
      <p role="status" class={outcome?.failed ? 'problem' : 'quiet'}>
        {outcome?.text ?? ''}
      </p>
    </section>
  );
}

/** A resolved incident asks until somebody says what fixed it. */
function asksWhatFixedIt({ status, remediations }: Incident): boolean {
  return status === 'resolved' && !remediations.some(({ worked, actor }) => worked && actor !== '');
}

const remediationKinds = Object.keys(remediationNames);

interface RemediationsProps {
  readonly label: string;
  readonly kinds: readonly string[];
  readonly busy: boolean;
  readonly onTap: (kind: string) => void;
}

/** One button for each kind: one tap answers. */
function Remediations({ label, kinds, busy, onTap }: RemediationsProps) {
  return (
    <fieldset class="buttons remediations">
      <legend>{label}</legend>
      {kinds.map((kind) => (
        <button key={kind} type="button" disabled={busy} onClick={() => onTap(kind)}>
          {remediationNames[kind]}
        </button>
      ))}
    </fieldset>
  );
}

interface CauseButtonsProps {
  readonly incident: Incident;
  readonly busy: boolean;
  readonly onAct: (command: CommandName, service: string) => void;
}

/** Refuses the named cause, and takes the last rejection back. */
function CauseButtons({ incident: { verdict, hypotheses, rejectedCauses }, busy, onAct }: CauseButtonsProps) {
  const cause = verdict === 'identified' ? hypotheses[0]?.cause.service : undefined;
  const refused = rejectedCauses.at(-1)?.service;
  return (
    <>
      {cause !== undefined && (
        <button type="button" disabled={busy} onClick={() => onAct('reject-cause', cause)}>
          {words.notThisCause(cause)}
        </button>
      )}
      {refused !== undefined && (
        <button type="button" disabled={busy} onClick={() => onAct('restore-cause', refused)}>
          {words.restoreCause(refused)}
        </button>
      )}
    </>
  );
}

interface AskProps {
  readonly label: string;
  readonly button: string;
  readonly busy: boolean;
  readonly onCancel: () => void;
  readonly onSay: (text: string) => void;
}

function Ask({ label, button, busy, onCancel, onSay }: AskProps) {
  const [text, setText] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    onSay(text.trim());
  };
  return (
    <form class="ask" onSubmit={submit} onKeyDown={(event) => event.key === 'Escape' && onCancel()}>
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

/** A person who opens the form types next. A named function keeps its identity, so it runs once. */
function focusWhenShown(field: HTMLInputElement | null): void {
  field?.focus();
}

/** The name for the timeline. The browser keeps it. */
function NameField() {
  return (
    <label class="name-field">
      {words.as}
      <input
        defaultValue={personName()}
        placeholder={words.yourName}
        maxLength={60}
        autocomplete="nickname"
        onChange={(event) => keepPersonName(event.currentTarget.value)}
      />
    </label>
  );
}
