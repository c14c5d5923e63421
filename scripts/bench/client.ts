import { connect, type Socket } from 'node:net'

export type Reply = { status: number; head: string; body: Buffer }

const nothing = Buffer.alloc(0)

/** One keep-alive connection with at most one request in flight. It costs little, so that the server's cost shows. */
export class Wire {
  readonly #socket: Socket
  #pending: Buffer = nothing
  #onReply: (reply: Reply) => void = () => {}
  #onFault: (fault: Error) => void = () => {}

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('error', (error) => this.#onFault(error))
    socket.on('close', () => this.#onFault(new Error('The server closed the connection')))
  }

  static open(port: number): Promise<Wire> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(new Wire(socket))
      })
    })
  }

  send(request: Buffer, onReply: (reply: Reply) => void, onFault: (fault: Error) => void): void {
    this.#onReply = onReply
    this.#onFault = onFault
    this.#socket.write(request)
  }

  close(): void {
    this.#onFault = () => {}
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    const data = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    const headEnd = data.indexOf('\r\n\r\n')
    const head = headEnd < 0 ? '' : data.toString('latin1', 0, headEnd)
    const end = headEnd < 0 ? Number.POSITIVE_INFINITY : headEnd + 4 + bodyLength(head)
    if (data.length < end) {
      this.#pending = data
      return
    }
    this.#pending = nothing
    this.#onReply({ status: statusOf(head), head, body: data.subarray(headEnd + 4, end) })
  }
}

const statusOf = (head: string) => Number(head.slice(9, 12))

function bodyLength(head: string): number {
  if (statusOf(head) === 304) return 0
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
  if (length === undefined) throw new Error(`An answer without content-length: ${head}`)
  return Number(length)
}

export function requestBytes(method: string, target: string, headers: [string, string][], body = ''): Buffer {
  const all = [['host', '127.0.0.1'], ...headers]
  if (body !== '')
    all.push(['content-type', 'application/json'], ['content-length', `${Buffer.byteLength(body)}`])
  const lines = all.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines}\r\n${body}`)
}

/** Sends one request on a connection of its own. */
export async function ask(port: number, request: Buffer): Promise<Reply> {
  const wire = await Wire.open(port)
  try {
    return await new Promise((resolve, reject) => wire.send(request, resolve, reject))
  } finally {
    wire.close()
  }
}

export const headersOf = ({ head }: Reply): [string, string][] =>
  head
    .split('\r\n')
    .slice(1)
    .map((line) => {
      const at = line.indexOf(':')
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()]
    })
