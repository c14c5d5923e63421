import { connect } from 'node:net'

/** What a server answers to these bytes from this machine, until it closes the connection. */
export const exchange = (port: number, localAddress: string, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect({ port, host: '127.0.0.1', localAddress }, () => socket.write(text))
    socket.on('data', (data) => {
      answer += data
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
  })

export const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])

/** The status of the answer to a path, which is sent unchanged. */
export const statusFrom = async (
  port: number,
  machine: string,
  path: string,
  headers = '',
): Promise<number> =>
  statusOf(
    await exchange(
      port,
      machine,
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers}\r\n`,
    ),
  )
