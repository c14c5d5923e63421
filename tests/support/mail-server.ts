import net from 'node:net'
import tls from 'node:tls'
import type { Identity } from './raw-receiver'

type Kept = {
  /** Every line that it received, except the letters themselves, in clear or over TLS; `TLS` where that began. */
  said: string[]
  /** Headers and bodies of the letters that it took. */
  letters: string[]
}

export type MailServer = Kept & {
  port: number
  /** Connections that are open now. */
  open(): number
  close(): void
}

type Manners = {
  /** Answers a line, empty for the greeting, in place of the usual answer; null to say nothing. */
  answer?: (line: string, socket: net.Socket) => string | null | undefined
  /** Speaks TLS with this identity: on request or, if `isImplicit`, from the first byte. */
  identity?: Identity
  isImplicit?: boolean
  offersLogin?: boolean
}

type Conversation = Kept & { manners: Manners; startTls: (() => void) | null }

/** Answers a connection, in clear or over TLS. */
function converse(socket: net.Socket, { manners, said, letters, startTls }: Conversation) {
  const hello = [
    '250-test',
    ...(manners.offersLogin ? ['250-AUTH PLAIN'] : []),
    ...(startTls ? ['250-STARTTLS'] : []),
    '250 8BITMIME',
  ].join('\r\n')
  let letter: string[] | null = null
  let rest = ''
  const usual = (line: string) => {
    if (line === 'STARTTLS') return startTls ? '220 go on' : '502 not here'
    if (/^EHLO/.test(line)) return hello
    if (line === 'DATA') return '354 go on'
    return /^AUTH/.test(line) ? '235 ok' : '250 ok'
  }
  const reply = (line: string) => {
    const other = manners.answer?.(line, socket)
    if (other !== null) socket.write(`${other ?? usual(line)}\r\n`)
    return other === undefined
  }
  const hear = (line: string) => {
    if (letter && line !== '.') return void letter.push(line)
    said.push(line)
    const isTaken = reply(line)
    if (isTaken && letter) letters.push(letter.join('\n'))
    letter = isTaken && line === 'DATA' ? [] : null
    if (line === 'STARTTLS' && startTls && isTaken) {
      socket.off('data', gather)
      startTls()
    }
  }
  const gather = (bytes: Buffer) => {
    const lines = (rest + bytes.toString()).split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) hear(line)
  }
  socket.on('data', gather)
}

const listening = (server: net.Server, host: string) =>
  new Promise<number>((resolve) =>
    server.listen(0, host, () => resolve((server.address() as net.AddressInfo).port)),
  )

/** A mail server on a port of this machine, at all of its addresses, with the given behaviour. */
export async function startMailServer(manners: Manners = {}): Promise<MailServer> {
  const { identity, isImplicit = false } = manners
  const kept: Kept = { said: [], letters: [] }
  const sockets = new Set<net.Socket>()
  const within = tls.createServer(
    identity ? { cert: identity.certificate, key: identity.key } : {},
    (socket) => {
      kept.said.push('TLS')
      socket.on('error', () => socket.destroy())
      if (isImplicit) socket.write('220 test\r\n')
      converse(socket, { ...kept, manners, startTls: null })
    },
  )
  within.on('tlsClientError', () => {})
  const tlsPort = await listening(within, '127.0.0.1')
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    const startTls = () => {
      const inner = net.connect(tlsPort, '127.0.0.1')
      inner.on('error', () => socket.destroy())
      socket.on('close', () => inner.destroy())
      socket.pipe(inner).pipe(socket)
    }
    if (isImplicit) return startTls()
    converse(socket, { ...kept, manners, startTls: identity ? startTls : null })
    const greeting = manners.answer?.('', socket)
    if (greeting !== null) socket.write(`${greeting ?? '220 test'}\r\n`)
  })
  return {
    ...kept,
    port: await listening(server, '0.0.0.0'),
    open: () => sockets.size,
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      within.close()
    },
  }
}
