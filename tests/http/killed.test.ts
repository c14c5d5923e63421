import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { loadConfig } from '../../src/config'
import { createKey } from '../../src/core/api-keys/service'
import { createCtx } from '../../src/core/ctx'
import { createTenant } from '../../src/core/tenants/service'
import { createStore } from '../../src/db/sqlite/open'
import { createDeps } from '../../src/deps'
import { systemClock } from '../../src/lib/clock'
import { testActor } from '../support/app'
import { temporaryDirectories } from '../support/store'

const newDirectory = temporaryDirectories()

async function makeCouncil(directory: string): Promise<string> {
  createStore(directory, systemClock)
  const deps = await createDeps(loadConfig({ REEVE_DATA: directory }))
  const tenant = await createTenant(deps, testActor, { slug: 'avon', name: 'Avon' })
  const ctx = createCtx(deps, { tenant, actor: testActor, requestId: 'test' })
  const { plain } = await createKey(ctx, deps, { name: 'k', scopes: ['all'] })
  await deps.store.close()
  return plain
}

async function serve(directory: string, when: string) {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'killed-server.ts'), directory, when], {
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const { value } = await child.stdout.getReader().read()
  return { child, url: new TextDecoder().decode(value).trim() }
}

test('a server killed between commit and answer gives the first answer to the retry', async () => {
  const directory = newDirectory()
  const key = await makeCouncil(directory)
  const post = (url: string) =>
    fetch(`${url}/api/cases`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'idempotency-key': 'once',
      },
      body: JSON.stringify({ summary: 'Pothole' }),
    })

  const doomed = await serve(directory, 'kill-after-commit')
  await expect(post(doomed.url)).rejects.toThrow()
  // 128 and the number of SIGKILL.
  expect(await doomed.child.exited).toBe(137)

  const { child, url } = await serve(directory, 'live')
  const retry = await post(url)
  expect([retry.status, retry.headers.get('idempotent-replayed')]).toEqual([201, 'true'])
  const made = await retry.json()
  expect(made.reference).toEndWith('-0001')
  const list = await fetch(`${url}/api/cases`, { headers: { authorization: `Bearer ${key}` } })
  expect((await list.json()).cases).toEqual([made])
  child.kill()
  await child.exited
})
