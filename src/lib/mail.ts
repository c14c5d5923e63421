import { isLoopbackHost } from './address'

/** A letter in plain text. */
export type Mail = { to: string; subject: string; text: string }

/** Sends letters; rejects where the mail server does not take one. */
export type Mailer = { send(mail: Mail): Promise<void> }

const timeoutMs = 10_000

/**
 * Letters through the mail server of an address `smtp://user:password@host:port` or `smtps://…`. A letter may hold a
 * secret: without TLS it goes to this machine only. The library is read when the first one is sent.
 */
export function createMailer(server: string, from: string): Mailer {
  const { protocol, hostname, port, username, password } = new URL(server)
  const secure = protocol === 'smtps:'
  return {
    send: async ({ to, subject, text }) => {
      const { createTransport } = await import('nodemailer')
      const transport = createTransport({
        host: hostname.replace(/^\[|\]$/g, ''),
        port: Number(port) || (secure ? 465 : 587),
        secure,
        requireTLS: !secure && !isLoopbackHost(hostname),
        ...(username && {
          auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
        }),
        connectionTimeout: timeoutMs,
        greetingTimeout: timeoutMs,
        socketTimeout: timeoutMs,
        disableFileAccess: true,
        disableUrlAccess: true,
      })
      try {
        await transport.sendMail({ from, to: { name: '', address: to }, subject, text })
      } finally {
        transport.close()
      }
    },
  }
}
