// Takes conversations away in every form, and prints them.
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { deflateSync } from 'node:zlib'
import { expect, type APIRequestContext, type Page, type TestInfo } from '@playwright/test'
import { expectAccessible, signIn } from './session.ts'
import { apiKey, test, type Parley } from './server.ts'

// sayings begin with a word that only the conversations of one test hold.
const sayings = (mark: string) => ({
  formula: `=HYPERLINK("http://example.com") ${mark}`,
  emoji: `${mark} 🎉 👩‍👩‍👧 👍🏽`,
  arabic: `${mark} أين طلبي؟`,
  thai: `${mark} คำสั่งซื้อของฉันอยู่ที่ไหน`,
  chinese: `${mark} 我的订单在哪里？`,
  long: `${mark} ${'Donaudampfschifffahrt'.repeat(40)}`,
  personal: `${mark} write to jane.doe@example.com or +49 151 12345678`,
})

interface Talk {
  mark: string
  said: ReturnType<typeof sayings>
  ids: string[]
}

const headers = { Authorization: `Bearer ${apiKey}` }

// png is a red square.
function png(size: number): Buffer {
  const crcTable = Array.from({ length: 256 }, (_, n) => {
    let c = n
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
    return c >>> 0
  })
  const chunk = (name: string, body: Buffer) => {
    const data = Buffer.concat([Buffer.from(name), body])
    let crc = 0xffffffff
    for (const b of data) crc = crcTable[(crc ^ b) & 255] ^ (crc >>> 8)
    const out = Buffer.alloc(data.length + 8)
    out.writeUInt32BE(body.length)
    data.copy(out, 4)
    out.writeUInt32BE((crc ^ 0xffffffff) >>> 0, data.length + 4)
    return out
  }
  const head = Buffer.from([0, 0, 0, size, 0, 0, 0, size, 8, 2, 0, 0, 0])
  const row = Buffer.concat([Buffer.from([0]), ...Array(size).fill(Buffer.from([220, 40, 40]))])
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.concat(Array(size).fill(row)))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

// converse holds two conversations with everything in them that is hard to print,
// and returns the ids and what was said.
async function converse(request: APIRequestContext, { url }: Parley): Promise<Talk> {
  const mark = `Finch${Array.from(Date.now().toString(), (d) => 'abcdefghij'[Number(d)]).join('')}`
  const said = sayings(mark)
  const api = async (path: string, data: object) => {
    const answer = await request.post(`${url}/api/v1${path}`, { headers, data })
    expect(answer.status(), await answer.text()).toBe(201)
    return answer.json()
  }
  const [assistant] = (await (await request.get(`${url}/api/v1/assistants?status=active`, { headers })).json()).data
  const upload = await request.post(`${url}/api/v1/attachments`, {
    headers,
    multipart: { file: { name: 'square.png', mimeType: 'image/png', buffer: png(60) } },
  })
  const { id: picture } = await upload.json()
  const ids: string[] = []
  for (const texts of [Object.values(said), [said.chinese]]) {
    const { id } = await api('/conversations', { assistant_id: assistant.id, source: 'api', contact_name: 'Jane Doe' })
    ids.push(id)
    for (const [i, content] of texts.entries()) {
      await api(`/conversations/${id}/messages?wait=20`, { content, attachments: i === 1 ? [picture] : [] })
    }
  }
  // They are found within two seconds.
  await expect
    .poll(async () => (await (await request.get(`${url}/api/v1/conversations?q=${mark}`, { headers })).json()).data.length)
    .toBe(2)
  return { mark, said, ids }
}

// choose opens the dialog for what the list shows, and a format in it.
async function choose(page: Page, url: string, mark: string, format: string) {
  await page.goto(`${url}/conversations?q=${mark}`)
  await expect(page.getByRole('link', { name: /Jane Doe/ })).toHaveCount(2)
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  await page.getByRole('radio', { name: format, exact: true }).check({ force: true })
  return page.getByRole('dialog')
}

async function download(page: Page, url: string, mark: string, format: string): Promise<Buffer> {
  const dialog = await choose(page, url, mark, format)
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Export', exact: true }).click(),
  ])
  await expect(dialog.getByText('The file is ready')).toBeVisible()
  expect(file.suggestedFilename()).toMatch(/^conversations-\d{8}-\d{6}\.(csv|xlsx|jsonl|md)$/)
  return readFile(await file.path())
}

// pdf prints a page and returns what another program reads in the PDF.
async function pdf(page: Page, info: TestInfo, name: string): Promise<string> {
  await page.waitForLoadState('load')
  const path = info.outputPath(`${name}.pdf`)
  await page.pdf({ path, format: 'A4', printBackground: true, preferCSSPageSize: true })
  await info.attach(name, { path, contentType: 'application/pdf' })
  return execFileSync('pdftotext', ['-raw', '-enc', 'UTF-8', path, '-'], { encoding: 'utf8' })
}

// letters are the signs of a text but for blanks: lines may break anywhere.
const letters = (text: string) => text.normalize('NFKC').replace(/\s+/g, '')

// expectPrinted fails if something that was said is not in the text of a PDF.
function expectPrinted(text: string, { mark, said }: Talk) {
  const found = letters(text)
  for (const what of [said.formula, said.thai, said.chinese, said.long, 'JaneDoe']) expect(found).toContain(letters(what))
  // What is read from right to left stands in a PDF as it is drawn, and signs may
  // be drawn apart from each other: all of them are there.
  for (const sign of said.arabic.slice(mark.length).trim().replaceAll(' ', '')) expect(found).toContain(sign.normalize('NFKC'))
  for (const sign of ['🎉', '👍']) expect(found).toContain(sign)
}

test('in every format', async ({ page, demo, request }) => {
  test.setTimeout(480_000)
  const { mark, said, ids } = await converse(request, demo)
  await signIn(page, demo.url)
  const before = (await (await page.request.get(`${demo.url}/api/v1/exports`)).json()).data.length

  await test.step('CSV', async () => {
    const text = (await download(page, demo.url, mark, 'CSV table')).toString('utf8')
    expect(text.startsWith('\ufeffid,source,')).toBe(true)
    for (const id of ids) expect(text).toContain(id)
    expect(text.split('\r\n')).toHaveLength(4)
  })
  await test.step('Excel', async () => {
    const file = await download(page, demo.url, mark, 'Excel table')
    expect(file.subarray(0, 2).toString()).toBe('PK')
  })
  const lines = (file: Buffer) => file.toString('utf8').trim().split('\n').map((line) => JSON.parse(line))
  await test.step('JSON Lines', async () => {
    const all = lines(await download(page, demo.url, mark, 'JSON Lines'))
    expect(all.map((c) => c.id).sort()).toEqual([...ids].sort())
    const contents = all.flatMap((c) => c.messages.map((m: { content: string }) => m.content))
    for (const text of Object.values(said)) expect(contents).toContain(text)
  })
  await test.step('fine-tuning', async () => {
    for (const { messages } of lines(await download(page, demo.url, mark, 'Fine-tuning, OpenAI'))) {
      expect(messages.at(-1).role).toBe('assistant')
    }
    for (const { conversations } of lines(await download(page, demo.url, mark, 'Fine-tuning, ShareGPT'))) {
      expect(conversations[0].from).toBe('human')
    }
  })
  await test.step('Markdown, with personal data hidden', async () => {
    const dialog = await choose(page, demo.url, mark, 'Markdown')
    for (const kind of ['E-mail addresses', 'Phone numbers']) await dialog.getByRole('checkbox', { name: kind }).check()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Export', exact: true }).click(),
    ])
    const text = await readFile(await file.path(), 'utf8')
    expect(text).toContain('write to [email] or [phone]'.replaceAll('[', '\\['))
    expect(text).not.toContain('jane.doe@')
  })
  await test.step('past exports', async () => {
    await page.goto(`${demo.url}/exports`)
    await expect(page.getByRole('row')).toHaveCount(before + 7)
    await expect(page.getByRole('link', { name: 'Download' })).toHaveCount(before + 6)
    await page.getByRole('button', { name: 'Remove: Markdown' }).first().click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await expect(page.getByRole('row')).toHaveCount(before + 6)
  })
})

test('as a page that is printed', async ({ page, demo, request, context }, info) => {
  test.setTimeout(300_000)
  const talk = await converse(request, demo)
  const { mark, ids: [id] } = talk
  await signIn(page, demo.url)

  await test.step('a selection', async () => {
    const dialog = await choose(page, demo.url, mark, 'Page to print, PDF')
    const [printed] = await Promise.all([
      context.waitForEvent('page'),
      dialog.getByRole('button', { name: 'Export', exact: true }).click(),
    ])
    await expect(printed.locator('article')).not.toHaveCount(0)
    const text = await pdf(printed, info, 'selection')
    expectPrinted(text, talk)
    await printed.close()
  })
  await test.step('one conversation', async () => {
    await page.goto(`${demo.url}/conversations/${id}`)
    await page.getByRole('button', { name: 'More actions' }).click()
    const [printed] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('menuitem', { name: 'Print or save as PDF' }).click(),
    ])
    await expect(printed.locator('article')).toHaveCount(1)
    // The picture is there, and nothing is wider than the page.
    expect(await printed.locator('img').evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth)).toBe(60)
    const text = await pdf(printed, info, 'conversation')
    expectPrinted(text, talk)
    await expectAccessible(printed)
    await printed.setViewportSize({ width: 390, height: 844 })
    await expectAccessible(printed)
    await printed.screenshot({ path: info.outputPath('page.png'), fullPage: true })
  })
})

for (const { name, colorScheme, viewport } of [
  { name: 'wide, light', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { name: 'phone, dark', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const) {
  test.describe(name, () => {
    test.use({ colorScheme, viewport })

    test('the dialog, by keyboard', async ({ page, demo }, info) => {
      await signIn(page, demo.url)
      await page.goto(`${demo.url}/conversations?source=whatsapp`)
      await page.getByRole('button', { name: 'Export', exact: true }).focus()
      await page.keyboard.press('Enter')
      const dialog = page.getByRole('dialog')
      await expect(dialog.getByText('The conversations that the list shows with its filter')).toBeVisible()
      await page.waitForTimeout(400) // the drawer has come in
      await expectAccessible(page)
      await page.screenshot({ path: info.outputPath('dialog.png') })
      await dialog.getByRole('radio', { name: 'CSV table' }).focus()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowDown')
      await expect(dialog.getByRole('radio', { name: 'JSON Lines', exact: true })).toBeChecked()
      const file = page.waitForEvent('download')
      await dialog.getByRole('button', { name: 'Export', exact: true }).press('Enter')
      await file
      await expect(dialog.getByText('The file is ready')).toBeVisible()
      await expectAccessible(page)
      await dialog.getByRole('link', { name: 'Past exports' }).click()
      await expect(page.getByRole('heading', { name: 'Exports', level: 1 })).toBeVisible()
      await expect(page.getByText('JSON Lines').first()).toBeVisible()
      await expectAccessible(page)
      await page.screenshot({ path: info.outputPath('exports.png') })
    })
  })
}

test('not by those who only read', async ({ page, demo, request }) => {
  await signIn(page, demo.url)
  const invite = await page.request.post(`${demo.url}/api/v1/invites`, { data: { role: 'viewer' } })
  const { url } = await invite.json()
  await page.context().clearCookies()
  await page.goto(url)
  await page.getByLabel('Your name').or(page.getByLabel('Name', { exact: true })).fill('Vera')
  await page.getByLabel('E-mail').fill(`vera-${Date.now()}@example.com`)
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery staple')
  await page.getByRole('button', { name: /Join/ }).click()
  await expect(page.getByRole('heading', { name: 'Conversations', level: 1 })).toBeVisible()
  await expect(page.getByRole('link').filter({ hasText: 'Mira' }).first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Export', exact: true })).toHaveCount(0)
  await page.goto(`${demo.url}/exports`)
  await expect(page.getByText('Your role may read conversations, not take them away in files.')).toBeVisible()
  const refused = await page.request.post(`${demo.url}/api/v1/exports`, { data: { format: 'csv' } })
  expect(refused.status()).toBe(403)
  await request.dispose()
})
