// Keeps a server busy until its standard input ends or it has done what it does once: load.ts PORT KIND COUNT KEYS. A process
// of its own, so that what it receives does not keep the measuring one busy.
import { connect } from 'node:net'
import { requestBytes } from '../client'
import { keyHeader } from '../samples'

const [port, kind, count, keys] = [
  Number(process.argv[2]),
  process.argv[3] ?? '',
  Number(process.argv[4]),
  (process.argv[5] ?? '').split(','),
]

const slowEveryMs = 50

/** Asks again and again; `slowly` reads a few packets every 50 ms. */
function read(nextRequest: () => Buffer, slowly: boolean): Promise<void> {
  return new Promise((_, reject) => {
    const socket = connect(port, '127.0.0.1')
    let head = ''
    let tail = ''
    const ask = () => {
      head = ''
      tail = ''
      socket.write(nextRequest())
    }
    socket.on('connect', ask)
    socket.on('data', (bytes: Buffer) => {
      if (head.length < ok.length) head += bytes.toString('latin1', 0, ok.length)
      if (!head.startsWith(ok.slice(0, head.length))) reject(new Error(bytes.toString('latin1', 0, 400)))
      tail = (tail + bytes.toString('latin1', Math.max(0, bytes.length - 60))).slice(-60)
      // An export and a map end so, chunked or not.
      if (/(\}\]\}|"total":\d+\})(\r\n0\r\n\r\n)?$/.test(tail)) ask()
      if (!slowly) return
      socket.pause()
      setTimeout(() => socket.resume(), slowEveryMs)
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('A reader was cut off')))
  })
}

const ok = 'HTTP/1.1 200'

let visits = 0
/** The server takes it from the header: a visitor's own. */
const address = () => `10.1.${(++visits >> 8) % 256}.${visits % 256}`

const mapRequest = () => requestBytes('GET', '/public/bench/wards.geojson', [['x-forwarded-for', address()]])

const from = 20

/** Wrong, which takes as long as right. */
async function trySigningIn(i: number): Promise<void> {
  const body = new URLSearchParams({
    council: 'bench',
    email: `nobody-${i}@example.org`,
    password: 'not the password',
  })
  const headers = { 'sec-fetch-site': 'same-origin', 'x-forwarded-for': `10.0.0.${i % from}` }
  const answer = await fetch(`http://127.0.0.1:${port}/admin/sign-in`, { method: 'POST', headers, body })
  await answer.text()
}

const kinds: Record<string, (i: number) => Promise<void>> = {
  exports: (i) => {
    const request = requestBytes('GET', '/api/cases/export?format=json', [keyHeader(keys[i] ?? '')])
    return read(() => request, false)
  },
  map: () => read(mapRequest, false),
  'slow-map': () => read(mapRequest, true),
  'sign-ins': trySigningIn,
}

void Bun.stdin.text().then(() => process.exit(0))
try {
  await Promise.all(Array.from({ length: count }, (_, i) => kinds[kind]?.(i)))
  process.exit(0)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
