import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { and, eq } from 'drizzle-orm'
import { auditEntries } from '../../src/core/audit/table'
import { recordFirst } from '../../src/core/write'
import { eraseCases } from '../../src/resources/cases/erase.service'
import { patchSettings } from '../../src/resources/settings/service'
import { createWard } from '../../src/resources/wards/service'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { createTestCase } from '../support/casework'
import { signedInAs, type Visitor, withoutSecondFactor } from '../support/visitor'

// Passwords are hashed slowly on purpose.
setDefaultTimeout(30_000)

let app: TestApp
let council: Council
let manager: Visitor & { id: string }

beforeAll(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
  await withoutSecondFactor(council)
  manager = await signedInAs(app, council, { role: 'manager', name: '<b>Max</b>' })
})

afterAll(() => app.close())

const evil = '<script>alert(1)</script>'

/** The codes of the actions on a page, from the top. */
const actionsOn = (html: string) =>
  [...html.matchAll(/<br><code>([a-z_.]+)<\/code><\/td>/g)].map(([, code]) => code)

describe('the audit log', () => {
  test('is not for caseworkers and councillors, and its check is neither', async () => {
    for (const role of ['caseworker', 'councillor'] as const) {
      const visitor = await signedInAs(app, council, { role })
      expect((await visitor.see('/admin/audit')).status).toBe(403)
      expect((await visitor.send('/admin/audit/verify')).status).toBe(403)
    }
  })

  test('says who did what to what, the newest first, as text', async () => {
    await patchSettings(council.ctx, { publicMinCell: 9, corsOrigins: ['https://www.example.org'] })
    const ward = await createWard(council.ctx, { name: evil, slug: 'ashley', tier: 'ward' })
    const { status, html, text } = await manager.see('/admin/audit')
    expect(status).toBe(200)
    expect(actionsOn(html).slice(0, 2)).toEqual(['ward.create', 'settings.update'])
    expect(text).toContain('13 March 2026 at 9:30am')
    expect(text).toContain('test Command line Ward created ward.create Ward')
    expect(text).toContain(`Ward ${evil} All entries about ward ${evil}`)
    expect(html).toContain(`entityId=${ward.id}`)
    expect(text).toContain('Public min cell : 5 → to 9')
    expect(text).toContain('Cors origins : nothing → to https://www.example.org')
    expect(text).toContain(`Name : ${evil}`)
    expect(html).not.toContain('<script>alert')
    expect(html).not.toContain('<b>Max</b>')
  })

  test('tells who looked at a resident: by reference, with names, and with links both ways', async () => {
    const { id: wardId } = await createWard(council.ctx, { name: 'Castle', slug: 'castle', tier: 'ward' })
    const { id, reference } = await createTestCase(app, council, {
      wardId,
      summary: 'Mrs Jones, 7 Mill Lane',
      residentName: 'Ada Jones',
    })
    const reader = await signedInAs(app, council, { role: 'caseworker', name: 'Cas Green' })
    const move = { status: 'in_progress', assigneeId: reader.id, pending: { reason: 'awaiting_department' } }
    await app.send('PATCH', `/api/cases/${id}`, { key: council.key, body: move })
    await reader.see(`/admin/cases/${reference}/resident`)

    const page = await manager.see(`/admin/cases/${reference}`)
    const log = /href="(\/admin\/audit[^"]+)">Who changed the case or saw/.exec(page.html)?.[1] ?? ''
    const { html, text } = await manager.see(log.replaceAll('&amp;', '&'))
    expect(text).toContain('4 entries')
    expect(actionsOn(html)).toEqual(['resident.read', 'case.update', 'resident.read', 'case.create'])
    expect(text).toContain('Cas Green Dashboard')
    expect(text).toContain(`Case ${reference} All entries about case ${reference}`)
    expect(html).toContain(`href="/admin/cases/${reference}"`)
    expect(text).toContain('Status : Open → to In progress')
    expect(text).toContain('Pending reason : Another department')
    expect(text).toContain('Assignee : Cas Green')
    expect(text).toContain('Ward : Castle')
    expect(text).toContain('exports with residents’ details')
    expect(text).not.toContain('Jones')
    expect(text).not.toContain(id)
    expect((await reader.see(`/admin/cases/${reference}`)).html).not.toContain('/admin/audit')
    expect((await manager.see(`/admin/audit?entityId=${reference.toLowerCase()}`)).text).toContain(
      '4 entries',
    )
    const { body } = await app.send('GET', `/api/audit?entityId=${reference}`, { key: council.key })
    expect(body.entries.map(({ entityId }: { entityId: string }) => entityId)).toEqual([id, id, id, id])
  })

  test('finds people by their e-mail address, and says which lists were made', async () => {
    await signedInAs(app, council, { role: 'caseworker', email: 'eve@example.org', name: 'Eve' })
    const did = await manager.see('/admin/audit?actor=Eve@example.org')
    expect(actionsOn(did.html)).toEqual(['session.start'])
    const about = await manager.see('/admin/audit?entityId=eve@example.org&action=user.create')
    expect(about.text).toContain('Person Eve All entries about person Eve')
    expect(about.text).toContain('Role : Caseworker')
    await recordFirst(council.ctx, 'resident.export', [{ entity: 'case', id: 'export' }])
    const lists = await manager.see('/admin/audit?action=resident.export')
    expect(lists.text).toContain('Case A list, as a file')
  })

  test('shows the id of what is no longer there', async () => {
    const { id } = await createTestCase(app, council)
    await eraseCases(council.ctx, app.deps, [id])
    expect((await manager.see('/admin/audit?action=case.erase')).text).toContain(`Case ${id} All entries`)
  })

  test('says of what could be personal only that it changed', async () => {
    await signedInAs(app, council, { role: 'caseworker', email: 'cas@example.org' })
    const { text } = await manager.see('/admin/audit?action=user.create')
    expect(text).toContain('E-mail : changed')
    expect(text).not.toContain('cas@example.org')
  })

  test('is narrowed by everything that the API has, in the address', async () => {
    const by = async (query: string) => actionsOn((await manager.see(`/admin/audit?${query}`)).html)
    expect(await by('action=settings.update&from=2026-03-13&to=2026-03-14')).toHaveLength(2)
    expect(new Set(await by('entity=ward'))).toEqual(new Set(['ward.create']))
    expect(await by(`actor=${manager.id}`)).toEqual(['session.start'])
    expect(await by(`entityId=${manager.id}`)).toEqual(['session.start', 'user.create'])
    expect(new Set(await by('actor=user'))).toEqual(new Set(['resident.read', 'session.start']))
    const none = await manager.see('/admin/audit?from=2026-03-14&entity=&done=x')
    expect(none.text).toContain('No entries Nothing matches these filters. Show all entries')
  })

  test('names what it is asked for that cannot be, and shows nothing then', async () => {
    const made = await manager.see('/admin/audit?to=soon&page=x&actor=key')
    expect(made.status).toBe(400)
    expect(made.text).toContain('Before must be a date, such as 13/03/2026')
    expect(made.text).toContain('page: Must be a whole number')
    expect(actionsOn(made.html)).toEqual([])
    const { status, text, html } = await manager.see('/admin/audit?from=2026-02-30')
    expect(status).toBe(400)
    expect(text).toContain('From must be a real date')
    expect(html).toContain('value="2026-02-30"')
    expect(actionsOn(html)).toEqual([])
    expect((await manager.see(`/admin/audit?action=${encodeURIComponent(evil)}`)).html).not.toContain(
      '<script>alert',
    )
    expect((await manager.see('/admin/audit?page=99999')).status).toBe(400)
  })

  test('is shown in pages that keep the filters', async () => {
    const many = Array.from({ length: 45 }, (_, i) => ({ entity: 'ward', id: `ward${i}`, note: { n: i } }))
    await recordFirst(council.ctx, 'ward.export', many)
    const first = await manager.see('/admin/audit?action=ward.export')
    expect(first.text).toContain('1 to 20 of 45 entries')
    expect(first.html).toContain('href="/admin/audit?action=ward.export&amp;page=2"')
    const last = await manager.see('/admin/audit?action=ward.export&page=3')
    expect(last.text).toContain('41 to 45 of 45 entries')
    expect(actionsOn(last.html)).toHaveLength(5)
    expect(last.html).toContain('href="/admin/audit?action=ward.export"')
    expect(last.html).not.toContain('rel="next"')
    expect((await manager.see('/admin/audit?action=ward.export&page=4')).text).toContain(
      'none of them on this page',
    )
  })

  test('holds, as its check says, until somebody changes an entry behind its back', async () => {
    const whole = await manager.send('/admin/audit/verify')
    expect(whole.status).toBe(200)
    expect(whole.text).toContain('Every entry is as it was recorded')
    expect(whole.text).toContain('First broken entry None')
    await app.deps.store.write(async (tx) => {
      await tx
        .update(auditEntries)
        .set({ actorName: 'nobody' })
        .where(and(eq(auditEntries.tenantId, council.tenant.id), eq(auditEntries.seq, 3)))
    })
    const broken = await manager.send('/admin/audit/verify')
    expect(broken.text).toContain('Entry 3 was changed or is missing')
    expect(broken.text).toContain('Broken Intact entries 2 First broken entry 3')
  })
})
