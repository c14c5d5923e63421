import { isLoopbackHost } from './address'

/** A letter in plain text. */
export type Mail = { to: string; subject: string; text: string }

/** Sends letters; rejects where the mail server does not take one, or not soon. */
export type Mailer = { send(mail: Mail): Promise<void> }

export type MailTimes = { stepMs: number; wholeMs: number }

/** Of connecting, of the greeting and of every answer; and of all that it takes to hand a letter over. */
const usualTimes: MailTimes = { stepMs: 10_000, wholeMs: 30_000 }

/**
 * Letters through the mail server of an address `smtp://user:password@host:port` or `smtps://…`. A letter may hold a
 * secret: without TLS it goes to this machine only. The library is read when the first one is sent.
 */
export function createMailer(server: string, from: string, times: MailTimes = usualTimes): Mailer {
  return {
    send: async ({ to, subject, text }) => {
      const { createTransport } = await import('nodemailer')
      const transport = createTransport(optionsFor(server, times))
      const late = Promise.withResolvers<never>()
      const timer = setTimeout(() => late.reject(new TooLate()), times.wholeMs)
      // Others’ programs send no notice of absence in reply to what says so.
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
    super('The mail server did not take the letter in time')
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
    // No authority certifies names of this machine, and nobody stands between. Said, because the environment could
    // otherwise turn it off.
    tls: { rejectUnauthorized: !isHere },
    ...(username && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: stepMs,
    greetingTimeout: stepMs,
    socketTimeout: stepMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
