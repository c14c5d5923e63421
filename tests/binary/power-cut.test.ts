import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { type Binary, buildBinary } from '../support/binary'
import { canCutPower, cutEach, Disk, envOf } from '../support/power'

setDefaultTimeout(300_000)

describe.if(canCutPower())('a power cut', () => {
  let binary: Binary
  beforeAll(async () => {
    binary = await buildBinary()
  })
  afterAll(() => binary?.remove())

  const commandOf = (...args: string[]) => [join(binary.directory, 'reeve'), ...args]
  const on = (disk: Disk, ...args: string[]) => binary.run(args, { env: envOf(disk) })

  test('in the first start leaves no store, or one that fits its key', async () => {
    const empty = new Disk()
    const create = (slug: string) => ['tenant', 'create', '--slug', slug, '--name', 'Avon']
    const cuts = await cutEach(empty, commandOf(...create('avon')), async (disk, step) => {
      const again = await on(disk, ...create('severn'))
      expect([step, again.code, again.err]).toEqual([step, 0, ''])
      const { code, out } = await on(disk, 'check')
      expect([step, code, out]).toEqual([step, 0, expect.not.stringContaining('FAILED')])
    })
    empty.remove()
    expect(cuts).toBeGreaterThanOrEqual(4)
  })

  test('while the key is changed leaves every resident readable', async () => {
    const whole = new Disk()
    whole.mount()
    const file = join(binary.directory, 'cases.csv')
    await Bun.write(file, 'summary,residentName\nPothole,Margaret Hughes\n')
    for (const args of [
      ['tenant', 'create', '--slug', 'avon', '--name', 'Avon'],
      ['import', 'cases', file, '--tenant', 'avon'],
    ])
      expect([args, (await on(whole, ...args)).code]).toEqual([args, 0])
    whole.unmount()
    await cutEach(whole, commandOf('rotate-key'), async (disk, step) => {
      const { code, out } = await on(disk, 'check')
      expect([step, code, out]).toEqual([step, 0, expect.not.stringContaining('FAILED')])
      const exported = await on(disk, 'export', 'cases', '--tenant', 'avon', '--residents')
      expect([step, exported.out]).toEqual([step, expect.stringContaining('Margaret Hughes')])
    })
    whole.remove()
  })
})
