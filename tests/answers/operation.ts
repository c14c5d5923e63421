import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDemo, startReceiver } from '../support/demo'
import { documented } from '../support/proxies'
import { isMissing, packages, patternOf, runSample, samples } from '../support/samples'
import { atEnd, newData, newFolder, notTriedHere, once, type Row } from './place'

const group = 'Operation'

const demo = once(async () => {
  const [demo, receiver] = await Promise.all([startDemo({ REEVE_RATE_LIMIT: '10000' }), startReceiver()])
  atEnd(() => Promise.all([demo.end(), receiver.end()]))
  return { ...demo.env, HOOK_URL: receiver.url }
})

async function pasteAll(): Promise<string> {
  const env = await demo()
  const directory = mkdtempSync(join(tmpdir(), 'reeve-samples-'))
  symlinkSync(packages, join(directory, 'node_modules'), 'junction')
  const others: string[] = []
  // Samples about the rate limit show the demo’s own limit.
  const tried = samples.filter((sample) => !isMissing(sample) && !/(keys|limits)\.md$/.test(sample.page))
  for (const sample of tried) {
    const { exit, out } = await runSample(sample, env, directory)
    if (exit !== 0 || !patternOf(sample.expected ?? '').test(out)) {
      others.push(`${sample.page}, block ${sample.number}`)
    }
  }
  rmSync(directory, { recursive: true })
  return `${tried.length - others.length} of ${tried.length} print what is shown${others.length > 0 ? `; not ${others.join(', ')}` : ''}`
}

const newKey = ['key', 'create', '--tenant', 'avon', '--name', 'Website', '--scopes']

/** What commands say about values that make no sense. */
async function refused(...lines: string[][]): Promise<string> {
  const { make, reeve } = await newData()
  await make('avon')
  const said = []
  for (const line of lines) {
    const { code, err } = await reeve(...line)
    said.push(
      `exit code ${code}: ${err
        .split('\n', 2)
        .join(' ')
        .replace(/^.* is invalid\. /, '')}`,
    )
  }
  return said.join('; ')
}

/** The rating of the documented unit, from 0 (best) to 10. */
async function ratingOfUnit(): Promise<string> {
  if (Bun.which('systemd-analyze') === null) return notTriedHere('systemd-analyze is not installed')
  const path = join(await newFolder(), 'reeve.service')
  writeFileSync(path, await documented('operating.md', 'ini'))
  const { stdout } = Bun.spawnSync(['systemd-analyze', 'security', '--offline=true', '--no-pager', path])
  return /Overall exposure level for reeve\.service: (\d+\.\d)/.exec(stdout.toString())?.[1] ?? 'no rating'
}

const isRunning = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** The descendants of this process. */
function below(pid: number): number[] {
  const { stdout } = Bun.spawnSync(['ps', '-eo', 'pid=,ppid='])
  const pairs = stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const own = pairs.flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []))
  return [...own, ...own.flatMap(below)]
}

/** Starts the demo as a newcomer does, then stops npm alone; returns what was printed and what still runs. */
async function startedAndStopped(): Promise<{ printed: string; left: number }> {
  const command = ['npm', 'start', '--silent', '--', '--port', '0', '--cases', '20']
  const child = Bun.spawn(command, { cwd: join(packages, '..'), stdout: 'pipe', stderr: 'pipe' })
  let printed = ''
  const gather = async (stream: ReadableStream<Uint8Array>) => {
    for await (const part of stream) printed += new TextDecoder().decode(part)
  }
  const gathered = Promise.all([gather(child.stdout), gather(child.stderr)])
  while (!printed.includes('Ctrl+C') && child.exitCode === null) await Bun.sleep(50)
  const all = [child.pid, ...below(child.pid)]
  child.kill('SIGTERM')
  for (let i = 0; i < 100 && all.some(isRunning); i++) await Bun.sleep(50)
  const left = all.filter(isRunning).length
  await gathered
  return { printed, left }
}

const newcomer = once(startedAndStopped)

export const operation: readonly Row[] = [
  {
    group,
    does: 'sends SIGTERM to npm start',
    answer: async () => `${(await newcomer()).left} processes are left`,
    isRight: (answer) => answer === '0 processes are left',
  },
  {
    group,
    does: 'reads what npm start prints after the welcome',
    answer: async () =>
      (await newcomer()).printed.split('is then removed.\n')[1]?.replaceAll(/^\S+ INFO +/gm, '') ?? '',
    isRight: (answer) => /^stopping signal=SIGTERM\s+stopped\s*$/.test(answer),
  },
  {
    group,
    does: 'asks systemd-analyze how exposed the documented unit is',
    answer: ratingOfUnit,
    isRight: (answer) => Number(answer) <= 1.3,
  },
  {
    group,
    does: 'gives commands a scope, an address, a number, a date and a choice that cannot be meant',
    answer: () =>
      refused(
        [...newKey, 'bogus'],
        [...newKey, 'all', '--ip', '10.0.0.1,here'],
        ['tenant', 'set-targets', 'avon', '--days', 'abc'],
        ['tenant', 'set-holidays', 'avon', '--off', '24/13/2026'],
        ['tenant', 'set-plan', 'avon', 'gold'],
      ),
    isRight: (answer) =>
      answer.split('; exit').every((part) => part.includes('code 2: ')) &&
      ['the scopes are cases:read', 'whole number from 1 to 999', 'Give a date', 'free, pro'].every((word) =>
        answer.includes(word),
      ),
  },
  {
    group,
    does: 'misspells a command and an option',
    answer: () => refused(['usr', 'list'], ['user', 'list', '--tenent', 'avon']),
    isRight: (answer) => /code 2.*Did you mean user\?.*code 2.*Did you mean --tenant\?/.test(answer),
  },
  {
    group,
    does: 'pastes the samples of the guides, one after the other, into a terminal beside npm start',
    answer: pasteAll,
    isRight: (answer) => /^(\d+) of \1 print what is shown$/.test(answer),
  },
]
