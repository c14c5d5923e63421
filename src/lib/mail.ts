import { isLoopbackHost } from './address'

/** `name` may be empty. */
export type Sender = { name: string; address: string }

export type Mail = { to: string; subject: string; text: string }

/** Rejects if the mail server does not accept the e-mail, or takes too long. */
export type Mailer = { send(mail: Mail): Promise<void> }

export type MailTimes = { stepMs: number; wholeMs: number }

/** Limits for each step (connecting, the greeting, every answer) and for the whole delivery. */
const defaultTimes: MailTimes = { stepMs: 10_000, wholeMs: 30_000 }

/**
 * Sends through `smtp://user:password@host:port` or `smtps://…`. E-mails may contain secrets, so without TLS only a server on
 * this machine is allowed. The library is loaded with the first e-mail.
 */
export function createMailer(server: string, from: Sender, times: MailTimes = defaultTimes): Mailer {
  return {
    send: async ({ to, subject, text }) => {
      const { createTransport } = await import('nodemailer')
      const transport = createTransport(optionsFor(server, times))
      const late = Promise.withResolvers<never>()
      const timer = setTimeout(() => late.reject(new TooLate()), times.wholeMs)
      // Stops out-of-office replies.
      const headers = { 'Auto-Submitted': 'auto-generated' }
      const letter = { from, to: { name: '', address: to }, subject, text, headers }
      try {
        await Promise.race([transport.sendMail(letter), late.promise])
      } finally {
        clearTimeout(timer)
        transport.close()
      }
    },
  }
}

class TooLate extends Error {
  readonly code = 'ETIMEDOUT'

  constructor() {
    super('The mail server did not accept the e-mail in time')
  }
}

function optionsFor(server: string, { stepMs }: MailTimes) {
  const { protocol, hostname, port, username, password } = new URL(server)
  const secure = protocol === 'smtps:'
  const isHere = isLoopbackHost(hostname)
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (secure ? 465 : 587),
    secure,
    requireTLS: !secure && !isHere,
    // No authority certifies this machine's own names, and nobody can listen in between. Set explicitly, because an
    // environment variable could otherwise turn verification off.
    tls: { rejectUnauthorized: !isHere },
    ...(username && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: stepMs,
    greetingTimeout: stepMs,
    socketTimeout: stepMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
