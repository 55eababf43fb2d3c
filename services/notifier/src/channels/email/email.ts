/** Email over SMTP. All messages of an incident are one thread, below the fixed Message-ID of its first page. */
import { lookup } from 'node:dns/promises';
import { contentId } from '@faultline/model';
import MailComposer, { type MailComposerOptions } from 'nodemailer/lib/mail-composer';
import { type ChannelMessage, defineChannel } from '../../channel.ts';
import { ChannelError } from '../../errors.ts';
import { fitText } from '../../page/fit.ts';
import { pageText } from '../../page/text.ts';
import { repeatText } from '../../page/words.ts';
import { isForbiddenAddress } from '../address.ts';
import { type EmailConfig, emailConfig } from './config.ts';
import { sendMail } from './smtp.ts';
import { smtpError } from './smtp-error.ts';

const maxBodyChars = 64 * 1024;

export const emailChannel = defineChannel({
  type: 'email',
  title: 'Email',
  schema: emailConfig,
  capabilities: { repeats: 'neither', updates: 'none', canThread: true, canNotifyAgain: true, hasActions: false },
  budget: { titleChars: 150, requestBytes: 256 * 1024 },
  rate: { spacingMs: 0, editSpacingMs: 0 },
  docs: {
    summary:
      'A thread for each incident: the first page, another cause, the end and a reopening. The subject is the first line of the page.',
    example: {
      host: 'smtp.example.com',
      user: 'faultline@example.com',
      password: { env: 'SMTP_PASSWORD' },
      from: 'faultline@example.com',
      to: ['oncall@example.com'],
    },
    setup: ['Any SMTP server with STARTTLS or TLS will do.'],
    limits: [
      'Mail is no pager: servers may delay it. Use it as a fallback or for tickets.',
      'A retry after a lost answer has the same Message-ID, which many servers drop; else it says that it may be a repeat.',
      'Some clients begin a new thread when the subject changes.',
    ],
    healthyAnswer: '',
  },
  createSend: (config) => async (message, signal) => {
    const raw = await new MailComposer(mailOf(message, config)).compile().build();
    await sendMail(config, { address: await addressOf(config), raw, signal });
    const threadId = threadIdOf(message, config);
    return { messageId: threadId, threadId };
  },
});

/** Connects to the address that was checked, not to the name: a name may resolve to another one the next time. */
async function addressOf({ host, dangerouslyAllowLinkLocal }: EmailConfig): Promise<string> {
  const addresses = await lookup(host, { all: true }).catch((error: unknown) => {
    throw smtpError(host, error, false);
  });
  if (!dangerouslyAllowLinkLocal && addresses.some(({ address }) => isForbiddenAddress(address)))
    throw new ChannelError(`${host} is, or resolves to, a link-local, metadata or unspecified address`, {
      kind: 'permanent',
      maybeDelivered: false,
      code: 'NOTIFIER_ADDRESS_FORBIDDEN',
    });
  return addresses[0]?.address ?? host;
}

function mailOf(message: ChannelMessage, config: EmailConfig): MailComposerOptions {
  const { page, maybeSent, idempotencyKey } = message;
  const threadId = threadIdOf(message, config);
  const messageId = message.messageId === '' ? threadId : idOf(['mail', idempotencyKey], config);
  const text = fitText(page, maxBodyChars, pageText);
  return {
    from: { name: 'Faultline', address: config.from },
    to: [...config.to],
    subject: page.headline,
    text: maybeSent ? `${text}\n${repeatText}` : text,
    messageId,
    ...(messageId === threadId ? {} : { inReplyTo: threadId, references: threadId }),
    // A page holds texts of alerts. None of them may read a file or an address of this machine.
    disableFileAccess: true,
    disableUrlAccess: true,
    headers: {
      'auto-submitted': 'auto-generated',
      'x-auto-response-suppress': 'All',
      ...(page.severity === 'critical' && message.isPushed ? { importance: 'high' } : {}),
    },
  };
}

/** The Message-ID of the first page. It is the same for every try and after a restart. */
function threadIdOf({ incident }: ChannelMessage, config: EmailConfig): string {
  return idOf(['thread', incident.scope.tenant, incident.id, config.name], config);
}

function idOf(parts: readonly string[], { from }: EmailConfig): string {
  return `<faultline.${contentId(...parts)}@${from.slice(from.indexOf('@') + 1)}>`;
}
