import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDrill } from './drill'

/** A call of the system that makes something durable, or changes a folder: the n-th of its kind in a command. */
type Step = { call: string; nth: number }

const calls = ['mkdir', 'fsync', 'fdatasync', 'rename', 'link', 'unlink', 'ftruncate']

const run = (command: string, ...args: string[]) => spawnSync(command, args, { encoding: 'utf8' })

/** Needs root, loop devices, ext4 and strace. */
export function canCutPower(): boolean {
  if (process.getuid?.() !== 0 || ['strace', 'mkfs.ext4', 'mount'].some((tool) => !Bun.which(tool)))
    return false
  const disk = new Disk()
  try {
    return disk.mount()
  } finally {
    disk.remove()
  }
}

/** A file system in a file. What a program has written reaches the file only once it is synced, as on a real disk. */
export class Disk {
  readonly #folder = mkdtempSync(join(tmpdir(), 'reeve-disk-'))
  readonly #image = join(this.#folder, 'disk.img')
  readonly path = join(this.#folder, 'mounted')
  /** Of what was traced; beside the file system. */
  readonly log = join(this.#folder, 'strace.log')

  constructor(from?: string) {
    mkdirSync(this.path)
    if (from !== undefined) copyFileSync(from, this.#image)
    else {
      run('truncate', '-s', '32M', this.#image)
      run('mkfs.ext4', '-q', this.#image)
    }
  }

  /** Nothing is written back in the meantime that nobody asked for. */
  mount(): boolean {
    return run('mount', '-o', 'loop,commit=300', this.#image, this.path).status === 0
  }

  unmount(): void {
    run('umount', this.path)
  }

  /** A disk with what has reached the file by now: as if the power had been cut. */
  cut(): Disk {
    return new Disk(this.#image)
  }

  remove(): void {
    if (run('mountpoint', '-q', this.path).status === 0) run('umount', this.path)
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** Every step of a command, in order. */
async function stepsOf({ log }: Disk, command: string[], env: Record<string, string>): Promise<Step[]> {
  const args = ['-f', '-o', log, '-e', `trace=${calls.join()}`, ...command]
  const { exited } = Bun.spawn(['strace', ...args], { env, stdout: 'ignore', stderr: 'ignore' })
  if ((await exited) !== 0) throw new Error(`${command.join(' ')} failed`)
  const counts = new Map<string, number>()
  return [...readFileSync(log, 'utf8').matchAll(/^\d+ +(\w+)\(/gm)].map(([, call = '']) => {
    const nth = (counts.get(call) ?? 0) + 1
    counts.set(call, nth)
    return { call, nth }
  })
}

const stoppedWithinMs = 20_000

/** Runs a command, stops it just after this step, and returns the disk as a power cut would leave it. */
async function cutAfter(
  disk: Disk,
  { call, nth }: Step,
  command: string[],
  env: Record<string, string>,
): Promise<Disk> {
  const log = disk.log
  const stop = ['-e', `trace=${call}`, '-e', `inject=${call}:signal=SIGSTOP:when=${nth}`]
  const args = ['strace', '-f', '-o', log, ...stop, ...command]
  const tracer = Bun.spawn(args, { env, stdout: 'ignore', stderr: 'ignore' })
  const giveUpAt = Date.now() + stoppedWithinMs
  for (;;) {
    const [, pid] = /^(\d+) .*stopped by SIGSTOP/m.exec(textOf(log)) ?? []
    if (pid !== undefined) {
      const left = disk.cut()
      process.kill(Number(pid), 'SIGKILL')
      await tracer.exited
      return left
    }
    if (tracer.exitCode !== null || Date.now() > giveUpAt) {
      tracer.kill('SIGKILL')
      throw new Error(`${call} ${nth} did not stop it`)
    }
    await Bun.sleep(10)
  }
}

const textOf = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '')

/** Where a file has just got its name, and the end. */
function sample(steps: readonly Step[]): Step[] {
  if (isDrill) return [...steps]
  const named = steps.flatMap(({ call }, i) => (call === 'link' || call === 'rename' ? [i] : []))
  const synced = named.map((i) => steps.slice(i).find(({ call }) => call === 'fsync'))
  return [...synced, steps.at(-1)].filter((step) => step !== undefined)
}

/** The environment of a command whose store is on this disk. */
export const envOf = (disk: Disk) => ({
  PATH: process.env.PATH ?? '',
  HOME: disk.path,
  REEVE_DATA: join(disk.path, 'data'),
})

async function onCopy<T>(original: Disk, work: (disk: Disk) => Promise<T>): Promise<T> {
  const disk = original.cut()
  disk.mount()
  return work(disk).finally(() => disk.remove())
}

/**
 * Cuts the power at some steps of a command on a copy of this disk, and looks at what is left each time. Resolves to how
 * often it was cut.
 */
export async function cutEach(
  whole: Disk,
  command: string[],
  look: (disk: Disk, step: Step) => Promise<void>,
): Promise<number> {
  const steps = sample(await onCopy(whole, (disk) => stepsOf(disk, command, envOf(disk))))
  for (const step of steps) {
    const left = await onCopy(whole, (disk) => cutAfter(disk, step, command, envOf(disk)))
    await onCopy(left, (disk) => look(disk, step)).finally(() => left.remove())
  }
  return steps.length
}
