import { test, expect } from 'bun:test'
import { createTestApp } from '/work/main/tests/support/app'
import { unlimited } from '/work/main/tests/support/http'
import * as s from '/work/main/tests/resources/cases/transfer-support'
test('x', async () => {
  const app = await createTestApp(unlimited)
  const [a, b] = [await s.createTwin(app, 'a'), await s.createTwin(app, 'b')]
  console.time('fill')
  await s.fillCouncil(app, a)
  console.timeEnd('fill')
  const f = await s.exportFile(a)
  console.log(f.slice(0, 3000))
  console.log(await s.importFile(b, f))
  const g = await s.exportFile(b)
  console.log(f === g)
  console.log(await s.failedChecks(app.config.data + '/reeve.db', app.deps.secrets))
  await app.close()
}, 30000)
