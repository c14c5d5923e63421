import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'

/** A certificate of its own authority, and the key it was made with; both PEM. */
export type Identity = { certificate: string; key: string }

/** Makes an identity for these subject names, as in `DNS:receiver.example,IP:127.0.0.1`. */
export function newIdentity(names: string): Identity {
  const directory = mkdtempSync(join(tmpdir(), 'reeve-identity-'))
  const [certificate, key] = [join(directory, 'certificate.pem'), join(directory, 'key.pem')]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
  const made = Bun.spawnSync(
    // biome-ignore format: one option and its value beside each other
    ['openssl', 'req', '-x509', ...curve, '-subj', '/CN=receiver', '-addext', `subjectAltName=${names}`,
      '-keyout', key, '-out', certificate],
  )
  if (!made.success) throw new Error(made.stderr.toString())
  const identity = { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') }
  rmSync(directory, { recursive: true })
  return identity
}

export type Receiver = {
  port: number
  /** What came, one text a connection, heads and bodies as they were sent. */
  requests: string[]
  /** Connections that are open now. */
  open(): number
  close(): void
}

type Answer = (socket: net.Socket) => void

/** Listens on a port of this machine and sends a given answer to the first bytes of each connection; knows no HTTP. */
export async function openReceiver(
  answer: Answer,
  { identity, host = '127.0.0.1' }: { identity?: Identity; host?: string } = {},
): Promise<Receiver> {
  const requests: string[] = []
  const sockets = new Set<net.Socket>()
  const accept = (socket: net.Socket) => {
    const place = requests.push('') - 1
    socket.on('error', () => socket.destroy())
    socket.once('data', () => answer(socket))
    socket.on('data', (bytes) => {
      requests[place] += bytes.toString('latin1')
    })
  }
  const server = identity
    ? tls.createServer({ cert: identity.certificate, key: identity.key }, accept)
    : net.createServer(accept)
  server.on('tlsClientError', () => {})
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((listening) => server.listen(0, host, listening))
  return {
    port: (server.address() as net.AddressInfo).port,
    requests,
    open: () => sockets.size,
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

/** Writes the bytes again and again, as fast as they are taken, until the connection ends. */
export function writeForEver(socket: net.Socket, bytes: Uint8Array | string) {
  const write = () => {
    while (!socket.destroyed && socket.write(bytes));
    if (!socket.destroyed) socket.once('drain', write)
  }
  write()
}
