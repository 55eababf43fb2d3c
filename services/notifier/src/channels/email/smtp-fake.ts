/** A stub of an SMTP server (RFC 5321) with STARTTLS and AUTH PLAIN. It keeps mails and fails on demand. */
import { createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

export interface FakeMail {
  readonly from: string;
  readonly to: readonly string[];
  /** In lower case, unfolded and decoded where they are quoted-printable words. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly isEncrypted: boolean;
}

export interface SmtpFake {
  readonly port: number;
  readonly mails: FakeMail[];
  /** Replies to the next commands of this name. `close` ends the connection instead. `after`: the mail is kept first. */
  readonly failures: { command: string; reply: string | 'close' | 'silent'; after?: boolean }[];
  close(): Promise<void>;
}

export interface SmtpFakeOptions {
  readonly tls: { readonly key: string; readonly cert: string } | null;
  readonly login?: { readonly user: string; readonly password: string };
}

export async function startSmtpFake(options: SmtpFakeOptions): Promise<SmtpFake> {
  const mails: FakeMail[] = [];
  const failures: SmtpFake['failures'] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.write('220 fake ESMTP\r\n');
    converse(socket, options, { mails, failures });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    mails,
    failures,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

interface State {
  readonly mails: FakeMail[];
  readonly failures: SmtpFake['failures'];
}

function converse(socket: Socket, options: SmtpFakeOptions, state: State): void {
  let buffer = '';
  let isData = false;
  let from = '';
  let to: string[] = [];
  const isEncrypted = socket instanceof TLSSocket;
  const reply = (text: string) => socket.write(`${text}\r\n`);
  const fail = (command: string): string | undefined => {
    const index = state.failures.findIndex((failure) => failure.command === command);
    const failure = state.failures[index];
    if (failure === undefined || failure.after === true) return undefined;
    state.failures.splice(index, 1);
    if (failure.reply === 'close') socket.destroy();
    else if (failure.reply !== 'silent') reply(failure.reply);
    return failure.reply;
  };
  const take = (line: string) => {
    const [command = '', argument = ''] = line.split(/ (.*)/s);
    if (fail(command.toUpperCase()) !== undefined) return;
    switch (command.toUpperCase()) {
      case 'EHLO':
        reply(
          ['250-fake', ...(options.tls && !isEncrypted ? ['250-STARTTLS'] : []), '250-AUTH PLAIN', '250 8BITMIME'].join(
            '\r\n',
          ),
        );
        return;
      case 'STARTTLS':
        reply('220 go ahead');
        upgrade();
        return;
      case 'AUTH':
        reply(isLogin(argument, options) ? '235 ok' : '535 5.7.8 bad credentials for user');
        return;
      case 'MAIL':
        from = addressOf(argument);
        reply('250 ok');
        return;
      case 'RCPT':
        to.push(addressOf(argument));
        reply('250 ok');
        return;
      case 'DATA':
        isData = true;
        reply('354 go ahead');
        return;
      default:
        reply('250 ok');
    }
  };
  const upgrade = () => {
    if (options.tls === null) return;
    socket.removeListener('data', onData);
    const secure = new TLSSocket(socket, { isServer: true, ...options.tls });
    secure.on('error', () => secure.destroy());
    converse(secure, options, state);
  };
  const endMail = (text: string) => {
    isData = false;
    if (fail('.') !== undefined) return;
    state.mails.push({ from, to, isEncrypted, ...parseMail(text) });
    to = [];
    const index = state.failures.findIndex(({ command, after }) => command === '.' && after === true);
    const [failure] = index < 0 ? [] : state.failures.splice(index, 1);
    if (failure === undefined) reply('250 queued');
    else if (failure.reply === 'close') socket.destroy();
    else if (failure.reply !== 'silent') reply(failure.reply);
  };
  const onData = (chunk: Buffer) => {
    buffer += chunk.toString('utf8');
    for (;;) {
      const end = isData ? buffer.indexOf('\r\n.\r\n') : buffer.indexOf('\r\n');
      if (end < 0) return;
      const part = buffer.slice(0, end);
      buffer = buffer.slice(end + (isData ? 5 : 2));
      if (isData) endMail(part);
      else take(part);
    }
  };
  socket.on('data', onData);
}

function isLogin(argument: string, { login }: SmtpFakeOptions): boolean {
  const [, encoded = ''] = argument.split(' ');
  const [, user, password] = Buffer.from(encoded, 'base64').toString().split('\0');
  return login !== undefined && user === login.user && password === login.password;
}

function addressOf(argument: string): string {
  return /<([^>]*)>/.exec(argument)?.[1] ?? '';
}

function parseMail(source: string): Pick<FakeMail, 'headers' | 'text'> {
  const [head = '', text = ''] = source.split(/\r\n\r\n(.*)/s);
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = lines.map((line) => {
    const [name = '', value = ''] = line.split(/: (.*)/s);
    return [name.toLowerCase(), value];
  });
  return { headers: Object.fromEntries(headers), text: text.replace(/=\r\n/g, '').replaceAll('=3D', '=') };
}
