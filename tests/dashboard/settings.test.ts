import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { getSettings, patchSettings } from '../../src/resources/settings/service'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { formOf } from '../support/forms'
import { signedInAs, type Visitor, withoutSecondFactor } from '../support/visitor'

// Passwords are hashed slowly on purpose.
setDefaultTimeout(30_000)

let app: TestApp
let council: Council
let admin: Visitor
let manager: Visitor

beforeAll(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
  await withoutSecondFactor(council)
  admin = await signedInAs(app, council, { role: 'admin' })
  manager = await signedInAs(app, council, { role: 'manager' })
})

afterAll(() => app.close())

const path = '/admin/settings'
const present = () => getSettings(council.ctx)
const shown = async () => formOf((await admin.see(path)).html)
const evil = '<script>alert(1)</script>'

describe('settings: who may', () => {
  test('a manager sees them and changes nothing; a caseworker sees nothing', async () => {
    const { status, text, html } = await manager.see(path)
    expect(status).toBe(200)
    expect(text).toContain('Name of the council avon council')
    expect(text).toContain('Nation England and Wales')
    expect(text).not.toContain('Open311')
    expect(text).toContain('Requests a minute that each API key may send The server’s limit: 100')
    expect(text).toContain('Websites whose pages may read the API in a browser None')
    expect(html).not.toContain('Save the settings')
    const before = await present()
    const form = await shown()
    expect((await manager.send(path, { ...form, name: 'Mine' })).status).toBe(403)
    expect((await manager.send(`${path}/personal-data/stop`)).status).toBe(403)
    expect(await present()).toEqual(before)
    const caseworker = await signedInAs(app, council, { role: 'caseworker' })
    expect((await caseworker.see(path)).status).toBe(403)
  })

  test('a form without its state is refused, and so is a made-up one', async () => {
    const { tag: _, ...form } = await shown()
    const before = await present()
    for (const tag of [[], '*', 'W/"x"', '"other"', 'name:0123456789abcdef01234567']) {
      const { status, text } = await admin.send(path, { ...form, name: 'Blind', tag })
      expect([tag, status]).toEqual([tag, 400])
      expect(text).toContain('refresh the page')
    }
    const madeUp = `:${'0'.repeat(24)} name:${'1'.repeat(24)}`
    expect((await admin.send(path, { ...form, name: 'Blind', tag: madeUp })).status).toBe(409)
    expect(await present()).toEqual(before)
  })
})

describe('settings', () => {
  test('sent back as they are shown are no change', async () => {
    const before = await present()
    expect((await admin.send(path, await shown())).location).toBe(`${path}?done=saved`)
    expect(await present()).toEqual(before)
    expect((await admin.see(`${path}?done=saved`)).text).toContain('The settings were saved')
    // The council was changed once before: its admins need no second factor.
    expect((await manager.see('/admin/audit?action=settings.update')).text).toContain('1 entry')
  })

  test('are all changed at once, and cleared where that means something', async () => {
    const all = {
      ...(await shown()),
      name: 'Avon & Co',
      nation: 'scotland',
      timezone: 'Europe/Jersey',
      referencePrefix: 'AV',
      'slaDefaults.targetDays': '15',
      'slaDefaults.dayType': 'calendar',
      reopenWindowDays: '7',
      retentionMonths: '36',
      publicMinCell: '10',
      website: 'https://www.example.gov.uk',
      newsPage: 'https://www.example.gov.uk/news/{slug}',
      eventPage: 'https://www.example.gov.uk/events?id={id}',
      casePage: 'https://www.example.gov.uk/cases/{reference}',
      rateLimit: '250',
      corsOrigins: ' https://a.example.org \r\n\r\nhttps://b.example.org',
    }
    expect((await admin.send(path, all)).location).toBe(`${path}?done=saved`)
    expect(await present()).toEqual({
      name: 'Avon & Co',
      nation: 'scotland',
      timezone: 'Europe/Jersey',
      referencePrefix: 'AV',
      slaDefaults: { targetDays: 15, dayType: 'calendar' },
      reopenWindowDays: 7,
      retentionMonths: 36,
      publicMinCell: 10,
      website: 'https://www.example.gov.uk',
      newsPage: 'https://www.example.gov.uk/news/{slug}',
      eventPage: 'https://www.example.gov.uk/events?id={id}',
      casePage: 'https://www.example.gov.uk/cases/{reference}',
      open311: { enabled: false },
      rateLimit: 250,
      corsOrigins: ['https://a.example.org', 'https://b.example.org'],
      signIn: { requireSecondFactor: false },
      webhooks: { includePersonalData: false },
    })
    expect((await manager.see(path)).text).toContain('https://a.example.org https://b.example.org')
    const cleared = {
      ...(await shown()),
      'slaDefaults.targetDays': '',
      reopenWindowDays: '',
      retentionMonths: '',
      rateLimit: '',
      corsOrigins: '',
      website: '',
      newsPage: '',
      eventPage: '',
      casePage: '',
    }
    expect((await admin.send(path, cleared)).location).toBe(`${path}?done=saved`)
    expect(await present()).toMatchObject({
      slaDefaults: { targetDays: null, dayType: 'calendar' },
      reopenWindowDays: null,
      retentionMonths: null,
      rateLimit: null,
      corsOrigins: [],
      website: null,
      newsPage: null,
      eventPage: null,
      casePage: null,
    })
  })

  test('that cannot be are named at their fields, and nothing is changed', async () => {
    const before = await present()
    const bad = {
      ...(await shown()),
      name: '',
      referencePrefix: 'c w',
      'slaDefaults.targetDays': '1e3',
      reopenWindowDays: '0',
      retentionMonths: '-1',
      publicMinCell: '',
      rateLimit: '10000000000',
      nation: 'france',
      corsOrigins: evil,
    }
    const { status, text, html } = await admin.send(path, bad)
    expect(status).toBe(400)
    for (const said of [
      'Enter the name of the council',
      'What references begin with must be 1 to 10 capital letters',
      'Days to resolve a case in must be a whole number',
      'Working days after which a resolved case is closed must be at least 1',
      'Months to keep a case after it is closed must be a whole number',
      'Smallest figure that is published must be a whole number',
      'Requests a minute that each API key may send must be at most 1000000000',
      'Nation must be one of england_wales, scotland, northern_ireland',
    ]) {
      expect(text).toContain(said)
    }
    expect(html).toContain('href="#slaDefaults.targetDays"')
    expect(html).not.toContain('<script>alert')
    expect(text).toContain(evil)
    const origins = { ...(await shown()), corsOrigins: `https://a.example.org\nhttps://b.example.org/path` }
    expect((await admin.send(path, origins)).text).toContain(
      '“https://b.example.org/path” must be a web origin, such as https://www.example.gov.uk',
    )
    expect(await present()).toEqual(before)
  })

  test('that somebody else changed meanwhile are kept, and shown beside one’s own where both changed the same', async () => {
    const kept = { ...(await shown()), referencePrefix: 'AV' }
    await patchSettings(council.ctx, { nation: 'scotland' })
    expect((await admin.send(path, kept)).location).toBe(`${path}?done=saved`)
    expect(await present()).toMatchObject({ referencePrefix: 'AV', nation: 'scotland' })
    const form = await shown()
    await patchSettings(council.ctx, { publicMinCell: 20, name: 'Avon & Somerset' })
    const refused = await admin.send(path, { ...form, name: evil })
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('Somebody changed this while you were working on it')
    expect(refused.text).toContain(`Name of the council ${evil} Avon & Somerset`)
    expect(refused.text).toContain('unless you change it below: Smallest figure that is published: 20')
    expect(refused.html).not.toContain('<script>alert')
    expect((await present()).publicMinCell).toBe(20)
    const mine = await formOf(refused.html)
    expect(mine.publicMinCell).toBe('20')
    expect((await admin.send(path, mine)).location).toBe(`${path}?done=saved`)
    expect(await present()).toMatchObject({ name: evil, publicMinCell: 20 })
    expect((await admin.see(path)).html).not.toContain('<script>alert')
  })

  test('stay stale where what was sent was refused for another reason in between', async () => {
    const refused = await admin.send(path, { ...(await shown()), publicMinCell: '0' })
    expect(refused.status).toBe(400)
    await patchSettings(council.ctx, { publicMinCell: 7 })
    const again = await admin.send(path, { ...(await formOf(refused.html)), publicMinCell: '3' })
    expect(again.status).toBe(409)
    expect((await present()).publicMinCell).toBe(7)
  })

  test('let personal data out by a key alone, and are shut here by anybody who may change them', async () => {
    expect((await admin.see(path)).html).not.toContain('personal-data/stop')
    const form = { ...(await shown()), 'webhooks.includePersonalData': 'true' }
    await admin.send(path, form)
    expect((await present()).webhooks.includePersonalData).toBe(false)
    await patchSettings(
      { ...council.ctx, scopes: new Set(['residents:read']) },
      { webhooks: { includePersonalData: true } },
    )
    expect((await manager.see(path)).text).toContain('Allowed. A webhook that asks for it is sent')
    expect((await admin.see(path)).html).toContain('action="/admin/settings/personal-data/stop"')
    expect((await admin.send(path, await shown())).location).toBe(`${path}?done=saved`)
    expect((await present()).webhooks.includePersonalData).toBe(true)
    const { location } = await admin.send(`${path}/personal-data/stop`)
    expect(location).toBe(`${path}?done=stopped`)
    expect((await present()).webhooks.includePersonalData).toBe(false)
  })

  test('that ask administrators for a second factor do so at once', async () => {
    const form = { ...(await shown()), 'signIn.requireSecondFactor': 'true' }
    expect((await admin.send(path, form)).location).toBe(`${path}?done=saved`)
    expect((await admin.see(`${path}?done=saved`)).location).toStartWith('/admin/sign-in/second-factor?next=')
    expect((await manager.see(path)).text).toContain('Administrators need a second factor to sign in Yes')
  })
})
