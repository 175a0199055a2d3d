// The Web Widget as visitors meet it: on the demo's shop and on websites of
// another origin, wide and on a phone.
import { expect, type Browser, type BrowserContext, type Locator, type Page } from '@playwright/test'
import { test, type Parley } from './server.ts'
import { expectAccessible, signIn } from './session.ts'
import { box, count, half, held, launcher, log, looks, open, panel, say, whole } from './visitor.ts'

const stored = (page: Page) =>
  page.evaluate(() => ({ local: localStorage.length, session: sessionStorage.length, cookie: document.cookie }))

for (const look of looks) {
  test.describe(look.name, () => {
    test.use(look.use)

    test('a visitor of the shop', async ({ page, context, demo }) => {
      const errors: string[] = []
      page.on('pageerror', (e) => errors.push(e.message))

      await test.step('closed: one request, no shift, nothing stored', () => closed(page, context, demo))
      await test.step('the form: wrong, then right', () => fillForm(page))
      await test.step('an answer streams and names its source', () => answered(page))
      await test.step('a file', () => attach(page))
      await test.step('the end: rating, and start over', () => rate(page))
      await expectAccessible(page)
      expect(errors).toEqual([])
    })
  })
}

async function closed(page: Page, context: BrowserContext, demo: Parley) {
  const asked: string[] = []
  page.on('request', (r) => asked.push(new URL(r.url()).pathname))
  await page.addInitScript(() => {
    const shifts: number[] = []
    Object.assign(window, { shifts })
    new PerformanceObserver((list) => {
      for (const e of list.getEntries()) shifts.push((e as unknown as { value: number }).value)
    }).observe({ type: 'layout-shift', buffered: true })
  })
  await page.goto(`${demo.url}/demo`)
  await expect(launcher(page)).toBeVisible()
  await page.waitForTimeout(1500) // what came late would be seen
  expect(asked.filter((path) => path.includes('widget'))).toEqual(['/widget.js'])
  expect(await stored(page)).toEqual({ local: 0, session: 0, cookie: '' })
  expect(await context.cookies()).toEqual([])
  await expectAccessible(page)
  await launcher(page).click()
  await expect(panel(page).getByRole('heading', { name: 'Before we start…' })).toBeVisible()
  const shifts = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts)
  expect(shifts).toEqual([])
  await expectAccessible(page)
}

async function fillForm(page: Page) {
  const start = panel(page).getByRole('button', { name: 'Start Chat' })
  await panel(page).getByLabel(/^E-mail/).fill('not an address')
  await start.click()
  await expect(panel(page).getByText('This is not an e-mail address.')).toBeVisible()
  await expect(panel(page).getByText('This field is required.')).toHaveCount(2)
  await expect(panel(page).getByLabel('Your name')).toBeFocused()
  await expectAccessible(page)
  await panel(page).getByLabel('Your name').fill('Ada Visitor')
  await panel(page).getByLabel(/^E-mail/).fill('ada@example.com')
  await panel(page).getByLabel(/What is it about/).selectOption('Coffee')
  await panel(page).getByLabel(/I agree that Quillmoor/).check()
  await start.click()
  await expect(box(page)).toBeVisible()
}

async function answered(page: Page) {
  await log(page).evaluate((el) => {
    const seen = new Set<number>()
    Object.assign(window, { seenLengths: seen })
    new MutationObserver(() => seen.add(el.textContent!.length)).observe(el, {
      subtree: true, childList: true, characterData: true,
    })
  })
  await say(page, 'How long does delivery take?')
  await expect(count(page, 'Source:').last()).toBeVisible()
  const states = await page.evaluate(() => (window as unknown as { seenLengths: Set<number> }).seenLengths.size)
  expect(states, 'the answer came in one piece').toBeGreaterThan(3)
  await expect(count(page, 'How long does delivery take?')).toHaveCount(1)
  await expectAccessible(page)
}

// A picture of one pixel.
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64')

async function attach(page: Page) {
  const picker = panel(page).locator('input[type=file]')
  await picker.setInputFiles({ name: 'order.txt', mimeType: 'text/plain', buffer: Buffer.from('ORD-12345') })
  await expect(panel(page).getByRole('button', { name: 'Remove order.txt' })).toBeVisible()
  await picker.setInputFiles({ name: 'bag.png', mimeType: 'image/png', buffer: png })
  await expect(panel(page).getByRole('progressbar')).toHaveCount(0)
  await say(page, 'Here is my order')
  await expect(log(page).getByRole('button', { name: /Download order.txt/ })).toBeVisible()
  await expect(log(page).getByRole('img', { name: 'Picture: bag.png' })).toBeVisible()
  const download = page.waitForEvent('download')
  await log(page).getByRole('button', { name: /Download order.txt/ }).click()
  expect((await download).suggestedFilename()).toBe('order.txt')
}

async function menu(page: Page, item: string) {
  await panel(page).getByRole('button', { name: 'More' }).click()
  await panel(page).getByRole('button', { name: item }).click()
}

async function rate(page: Page) {
  await menu(page, 'End conversation')
  await panel(page).getByRole('button', { name: 'End conversation' }).click()
  await expect(panel(page).getByText('This conversation has ended.')).toBeVisible()
  await panel(page).getByRole('radio', { name: '4 of 5' }).check({ force: true })
  await panel(page).getByLabel(/tell us more/).fill('Quick and clear')
  await expectAccessible(page)
  await panel(page).getByRole('button', { name: 'Send rating' }).click()
  await expect(panel(page).getByText('Thank you for your rating.')).toBeVisible()
  await panel(page).getByRole('button', { name: 'New conversation' }).click()
  await expect(panel(page).getByRole('heading', { name: 'Before we start…' })).toBeVisible()
  await panel(page).getByLabel('Your name').fill('Ada Visitor')
  await panel(page).getByLabel(/I agree that Quillmoor/).check()
  await panel(page).getByRole('button', { name: 'Start Chat' }).click()
  await say(page, 'Once more')
  await expect(count(page, 'Once more')).toHaveCount(1)
  await menu(page, 'Start over')
  await panel(page).getByRole('button', { name: 'Start over' }).click()
  await expect(panel(page).getByRole('heading', { name: 'Before we start…' })).toBeVisible()
}

for (const look of looks) {
  held.describe(look.name, () => {
    held.use(look.use)

    held('nothing is lost or said twice', async ({ page, context, world }) => {
      const { parley, model, site } = world
      await open(page, `${site.url}/plain`)

      await held.step('a reload in mid-answer', async () => {
        model.hold()
        await say(page, 'First question')
        await expect(count(page, half)).toBeVisible()
        await page.reload()
        await expect(count(page, half)).toBeVisible()
        await expect(count(page, 'First question')).toHaveCount(1)
        model.release()
        await expect(count(page, whole)).toHaveCount(1)
      })

      await held.step('written offline, sent once', async () => {
        await context.setOffline(true)
        await expect(panel(page).getByText('You are offline.')).toBeVisible()
        await say(page, 'Written offline')
        await expect(log(page).getByText('Will be sent when the connection is back')).toBeVisible()
        await context.setOffline(false)
        await expect(count(page, whole)).toHaveCount(2)
        await expect(count(page, 'Written offline')).toHaveCount(1)
        await expect(log(page).getByText('Will be sent when the connection is back')).toHaveCount(0)
      })

      await held.step('a second tab', async () => {
        const second = await context.newPage()
        await second.goto(`${site.url}/plain`)
        await expect(count(second, whole)).toHaveCount(2)
        await say(second, 'From the second tab')
        await expect(count(second, whole)).toHaveCount(3)
        await page.bringToFront()
        await expect(count(page, 'From the second tab')).toHaveCount(1)
        await expect(count(page, whole)).toHaveCount(3)
        await second.close()
      })

      await held.step('the server is killed in mid-answer', async () => {
        model.hold()
        await say(page, 'Asked before the kill')
        await expect(count(page, half)).toHaveCount(4)
        const cutOff = `Answer ${model.asked}:`
        await expect(count(page, cutOff)).toHaveCount(1)
        await parley.kill()
        await expect(panel(page).getByText('Connecting…')).toBeVisible()
        await expect(log(page).locator('.dimmed')).not.toHaveCount(0) // it may not be how things stand
        await say(page, 'Written while it was down')
        model.release()
        model.hold()
        await parley.again()
        await expect(log(page).locator('[aria-busy=true].live')).toHaveCount(1)
        await expect(count(page, cutOff)).toHaveCount(0) // the new one stands in its place
        await expect(count(page, half)).toHaveCount(4)
        model.release()
        await expect(count(page, 'Written while it was down')).toHaveCount(1)
        await expect(panel(page).getByText('Connecting…')).toHaveCount(0, { timeout: 60_000 })
        await expect(count(page, 'Asked before the kill')).toHaveCount(1)
        await expect(log(page).locator('[aria-busy=true]')).toHaveCount(0)
        await expect(count(page, whole).last()).toBeVisible()
        const [conversation] = (await world.api('GET', '/conversations')).data
        const said = (await world.api('GET', `/conversations/${conversation.id}/messages`)).data
        const shown = await log(page).locator('.row').count()
        expect(shown).toBe(said.filter((m: { role: string }) => m.role !== 'system').length)
        expect(said.filter((m: { content: string }) => m.content === 'Written while it was down')).toHaveLength(1)
      })
    })

    held('an operator takes over and is seen', async ({ page, world }) => {
      const { model, site, api } = world
      await open(page, `${site.url}/plain`)
      model.hold()
      await say(page, 'A person, please')
      await expect(count(page, half)).toBeVisible()
      const [conversation] = (await api('GET', '/conversations')).data
      await api('POST', `/conversations/${conversation.id}/takeover`)
      await expect(panel(page).getByText(/has joined the conversation/)).toBeVisible()
      await expect(log(page).locator('[aria-busy=true]')).toHaveCount(0)
      model.release()
      await api('POST', `/conversations/${conversation.id}/messages`, { content: 'Here is a person.', role: 'operator' })
      await expect(count(page, 'Here is a person.')).toHaveCount(1)
      await expect(count(page, whole)).toHaveCount(0)
      await expectAccessible(page)
      await api('POST', `/conversations/${conversation.id}/release`)
      await expect(panel(page).getByText('The assistant answers again.')).toBeVisible()
    })

    held('calls made before the script has loaded', async ({ page, world }) => {
      await page.goto(`${world.site.url}/early`)
      await expect(box(page)).toBeVisible()
      await say(page, 'Hello')
      await expect(count(page, whole)).toHaveCount(1)
      const seen = () => page.evaluate(() => (window as unknown as { seen: [string, { content?: string }][] }).seen)
      await expect.poll(async () => (await seen()).map(([event]) => event)).toEqual(['open', 'started', 'message', 'message'])
      const [conversation] = (await world.api('GET', '/conversations')).data
      const { variables } = await world.api('GET', `/conversations/${conversation.id}`)
      expect(variables).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'plan', value: 'pro' })]))
      await page.evaluate(() => (window as unknown as { parley(name: string): void }).parley('close'))
      await expect(panel(page)).toBeHidden()
      await expect(launcher(page)).toBeVisible()
    })

    for (const path of ['hostile', 'strict', 'rtl']) {
      held(`on a page: ${path}`, async ({ browser, world }) => {
        const { page, violations } = await visitor(browser, look.use, path === 'rtl' ? 'ar' : 'en-GB')
        await page.goto(`${world.site.url}/${path}`)
        const button = page.locator('parley-widget').getByRole('button').first()
        await button.click()
        const input = panel(page).getByRole('textbox')
        await expect(input).toBeVisible()
        await input.fill('Hello')
        await input.press('Enter')
        await expect(count(page, whole)).toHaveCount(1)
        await looksRight(panel(page), input, path === 'rtl')
        await expectAccessible(page)
        expect(violations).toEqual([])
        await page.context().close()
      })
    }
  })
}

async function visitor(browser: Browser, use: object, locale: string) {
  const context = await browser.newContext({ ...use, locale })
  const page = await context.newPage()
  const violations: string[] = []
  page.on('console', (m) => {
    if (/Content.Security.Policy/i.test(m.text()) && !/favicon/.test(m.text())) violations.push(m.text())
  })
  page.on('pageerror', (e) => violations.push(e.message))
  return { page, violations }
}

// looksRight fails where the page's style has come into the widget.
async function looksRight(dialog: Locator, input: Locator, rtl: boolean) {
  await expect(dialog).toHaveCSS('position', 'fixed')
  await expect(dialog).toHaveCSS('display', 'flex')
  await expect(dialog).toHaveCSS('direction', rtl ? 'rtl' : 'ltr')
  await expect(input).toHaveCSS('font-size', '16px')
}

test('the conversation in the dashboard, with what the form said', async ({ page, demo }) => {
  await page.goto(`${demo.url}/demo`)
  await launcher(page).click()
  await panel(page).getByLabel('Your name').fill('Beatrix Form')
  await panel(page).getByLabel(/I agree that Quillmoor/).check()
  await panel(page).getByRole('button', { name: 'Start Chat' }).click()
  await say(page, 'My order is QM-10482')
  await expect(count(page, /./).last()).toBeVisible()
  await signIn(page, demo.url)
  const row = page.locator('[data-row]').filter({ hasText: 'Beatrix Form' }).first()
  await expect(row.getByText('Web Widget')).toBeVisible()
  await row.click()
  await expect(page.getByText('Pre-chat form').first()).toBeVisible()
  await expect(page.getByText(/I agree that Quillmoor/)).toBeVisible()
  await expectAccessible(page)
})

test('the preview, on a desktop and on a phone', async ({ page, demo }) => {
  await page.setViewportSize({ width: 1280, height: 800 })
  await signIn(page, demo.url)
  await page.goto(`${demo.url}/widgets`)
  await page.getByRole('link', { name: 'Shop', exact: true }).click()
  const dialog = page.frameLocator('iframe[title=Preview]').getByRole('dialog')
  const beside = () => dialog.evaluate((el) => innerWidth - el.getBoundingClientRect().width)
  await expect(dialog).toBeVisible()
  expect(await beside(), 'the panel fills the desktop').toBeGreaterThan(100)
  await page.getByRole('combobox', { name: 'Size' }).click()
  await page.getByRole('option', { name: /^Extra large/ }).click()
  await expect.poll(() => dialog.evaluate((el) => el.getBoundingClientRect().width)).toBeGreaterThan(450)
  expect(await beside()).toBeGreaterThan(450)
  const frame = await page.locator('iframe[title=Preview]').boundingBox()
  expect(frame!.x + frame!.width, 'the desktop is wider than its column').toBeLessThanOrEqual(1280)
  await page.getByText('Phone', { exact: true }).click()
  await expect.poll(beside).toBe(0)
})
