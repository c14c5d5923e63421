// Renews payloads.golden.json: node scripts/with-bun.mjs tests/resources/webhooks/renew-golden.ts
import { createTestApp } from '../../support/app'
import { unlimited } from '../../support/http'
import { firstOfEach, goldenPath, publicNames, tellAll } from './story'

const app = await createTestApp(unlimited, { outbound: publicNames })
const steps = await tellAll(app)
await app.close()
await Bun.write(goldenPath, JSON.stringify(firstOfEach(steps.flatMap(({ sent }) => sent))))
Bun.spawnSync([process.execPath, 'x', 'biome', 'format', '--write', goldenPath])
