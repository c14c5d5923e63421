import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDemo, startReceiver } from '../support/demo'
import { isMissing, packages, patternOf, runSample, samples } from '../support/samples'
import { atEnd, once, type Row } from './place'

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

export const operation: readonly Row[] = [
  {
    group,
    does: 'pastes the samples of the guides, one after the other, into a terminal beside npm start',
    answer: pasteAll,
    isRight: (answer) => /^(\d+) of \1 print what is shown$/.test(answer),
  },
]
