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
  // Those of the limit show the demo’s own.
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

/** What commands say of values that cannot be meant. */
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

export const operation: readonly Row[] = [
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
        ['tenant', 'set-holidays', 'avon', '--off', '24/12/2026'],
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
