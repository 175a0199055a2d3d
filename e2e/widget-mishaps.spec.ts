// What goes wrong between a visitor and the server, and must not stop the chat.
import { expect, type Page } from '@playwright/test'
import { box, change, count, held, launcher, log, open, panel, say, verify, whole } from './visitor.ts'

held('a message is sent when the browser has no room to keep it', async ({ page, world }) => {
  await open(page, `${world.site.url}/plain`)
  await page.evaluate(() => {
    for (let size = 1 << 20, n = 0; size > 0; n++) {
      try {
        localStorage.setItem(`full-${n}`, 'x'.repeat(size))
      } catch {
        size >>= 1
      }
    }
  })
  await say(page, 'Is there room?')
  await expect(count(page, whole)).toHaveCount(1)
})

held('a message waits while all visitors are signed out', async ({ page, context, world }) => {
  const id = await change(world, () => ({}))
  await open(page, `${world.site.url}/plain`)
  await say(page, 'First')
  await expect(count(page, whole)).toHaveCount(1)
  await context.setOffline(true)
  await say(page, 'Written offline')
  await world.api('POST', `/widgets/${id}/sign-out`)
  await context.setOffline(false)
  await expect(count(page, 'Written offline')).toHaveCount(1)
  await expect(count(page, whole)).toHaveCount(1)
  await expect(count(page, 'First')).toHaveCount(0)
})

held('a conversation that is full is followed by another, with its form', async ({ page, world }) => {
  await change(world, (was) => ({
    limits: { ...was.limits, messages_per_conversation: 10 },
    form: { enabled: true, fields: [{ name: 'name', type: 'text', label: 'Name', required: true }] },
  }))
  await page.goto(`${world.site.url}/plain`)
  await launcher(page).click()
  const fill = async () => {
    await panel(page).getByRole('textbox', { name: 'Name' }).fill('Ada')
    await panel(page).getByRole('button', { name: 'Start Chat' }).click()
    await expect(box(page)).toBeVisible()
  }
  await fill()
  for (let n = 1; n <= 5; n++) {
    await say(page, `Question ${n}`)
    await expect(count(page, whole)).toHaveCount(n)
  }
  await say(page, 'One too many')
  await panel(page).getByRole('button', { name: 'Start over' }).click()
  await fill()
  await expect(count(page, 'One too many')).toHaveCount(1)
  await expect(count(page, whole)).toHaveCount(1)
})

held('a file that was taken off before its turn is not sent', async ({ page, world }) => {
  await open(page, `${world.site.url}/plain`)
  let go = () => {}
  const held = new Promise<void>((resolve) => (go = resolve))
  await page.route('**/attachments', async (route) => {
    await held
    await route.continue()
  })
  const files = ['one', 'two', 'three'].map((name) => ({ name: `${name}.txt`, mimeType: 'text/plain', buffer: Buffer.from(name) }))
  await panel(page).locator('input[type=file]').setInputFiles(files)
  await expect(panel(page).locator('.uploads li')).toHaveText([/one/, /two/, /three/])
  await panel(page).getByRole('button', { name: /two\.txt/ }).click()
  go()
  await expect(panel(page).getByRole('progressbar')).toHaveCount(0)
  await expect(panel(page).locator('.uploads li')).toHaveText([/one/, /three/])
})

held('more files than go with a message', async ({ page, world }) => {
  await open(page, `${world.site.url}/plain`)
  const files = Array.from({ length: 12 }, (_, n) => ({ name: `${n}.txt`, mimeType: 'text/plain', buffer: Buffer.from(`${n}`) }))
  await panel(page).locator('input[type=file]').setInputFiles(files)
  await expect(panel(page).locator('.uploads li')).toHaveCount(10)
  await expect(panel(page).getByText('At most 10 files go with a message.')).toBeVisible()
})

held('a file that meets no network is sent when there is one', async ({ page, context, world }) => {
  await open(page, `${world.site.url}/plain`)
  await say(page, 'First')
  await expect(count(page, whole)).toHaveCount(1)
  await context.setOffline(true)
  await panel(page).locator('input[type=file]').setInputFiles({ name: 'one.txt', mimeType: 'text/plain', buffer: Buffer.from('one') })
  await expect(panel(page).getByRole('progressbar')).toBeVisible()
  await context.setOffline(false)
  await expect(panel(page).getByRole('progressbar')).toHaveCount(0)
  await expect(panel(page).locator('.uploads li')).toHaveText('one.txt')
})

held('an address that is longer than the panel is wide', async ({ page, world }) => {
  await open(page, `${world.site.url}/plain`)
  await box(page).fill(`https://shop.example/orders/?token=${'x'.repeat(200)}`)
  const whole = (await panel(page).boundingBox())!
  for (const name of ['Send', 'Close chat']) {
    const part = (await panel(page).getByRole('button', { name }).boundingBox())!
    expect(part.x, name).toBeGreaterThan(whole.x)
    expect(part.x + part.width, name).toBeLessThan(whole.x + whole.width)
  }
})

held('a site that goes on with another body', async ({ page, world }) => {
  await open(page, `${world.site.url}/plain`)
  await say(page, 'First')
  await expect(count(page, whole)).toHaveCount(1)
  const swap = () => page.evaluate(() => document.body.replaceWith(document.createElement('body')))
  await swap()
  await expect(count(page, 'First')).toHaveCount(1)
  await page.evaluate(() => (window as any).parley('unmount'))
  await swap()
  await expect(panel(page)).toHaveCount(0)
})

held('the keyboard goes on where one writes', async ({ page, world }) => {
  await change(world, () => ({ suggested: { en: ['Where is my order?'] } }))
  await open(page, `${world.site.url}/plain`)
  await panel(page).getByRole('button', { name: 'Where is my order?' }).click()
  await expect(box(page)).toBeFocused()
  await expect(count(page, whole)).toHaveCount(1)
  await panel(page).getByRole('button', { name: 'More' }).click()
  await panel(page).getByRole('button', { name: 'Start over' }).click()
  await panel(page).getByRole('button', { name: 'Start over' }).click()
  await expect(box(page)).toBeFocused()
  await expect(count(page, whole)).toHaveCount(0)
})

const hide = (page: Page, yes: boolean) =>
  page.evaluate((yes) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => yes })
    document.dispatchEvent(new Event('visibilitychange'))
  }, yes)

held('an answer that came while the tab was hidden is read when it is shown', async ({ page, world }) => {
  await open(page, `${world.site.url}/plain`)
  await hide(page, true)
  await say(page, 'Hello')
  await expect(count(page, whole)).toHaveCount(1)
  const read = page.waitForRequest('**/read')
  await hide(page, false)
  await read
})

held('the second language of a visitor goes before that of the widget', async ({ page, world }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'languages', { get: () => ['nl-NL', 'de-DE', 'en'] }))
  await page.goto(`${world.site.url}/plain`)
  await page.locator('parley-widget').getByRole('button').click()
  await expect(panel(page).getByRole('textbox', { name: /Nachricht schreiben/ })).toBeVisible()
})

held('settings that change while the chat is open', async ({ page, world }) => {
  const closed = (yes: boolean) =>
    change(world, (was) => ({
      hours: { ...was.hours, enabled: yes, assistant_answers: false, open: [{ day: (new Date().getDay() + 3) % 7, from: '09:00', to: '10:00' }] },
    }))
  await open(page, `${world.site.url}/plain`)
  await closed(true)
  await hide(page, false)
  await expect(panel(page).getByRole('textbox', { name: 'E-mail' })).toBeVisible()
  await closed(false)
  await hide(page, false)
  await box(page).fill('Written before the form')
  await change(world, () => ({ form: { enabled: true, fields: [{ name: 'name', type: 'text', label: 'Name', required: true }] } }))
  await box(page).press('Enter')
  await panel(page).getByRole('textbox', { name: 'Name' }).fill('Ada')
  await panel(page).getByRole('button', { name: 'Start Chat' }).click()
  await expect(count(page, 'Written before the form')).toHaveCount(1)
  await expect(count(page, whole)).toHaveCount(1)
})

held('who is signed in is proved once there is a network again', async ({ page, world }) => {
  const hash = (await verify(world, 'required'))('u-1')
  await page.goto(`${world.site.url}/plain`)
  await launcher(page).click()
  await expect(panel(page).getByText(/sign in/i)).toBeVisible()
  await page.route('**/identify', (route) => route.abort())
  await page.evaluate((hash) => (window as any).parley('identify', { user_id: 'u-1', hash }), hash)
  await page.waitForRequest('**/identify')
  await page.unroute('**/identify')
  await expect(box(page)).toBeVisible()
  await box(page).fill('A secret thought')
  await page.evaluate(() => (window as any).parley('identify', null))
  await expect(box(page)).toHaveCount(0)
  await page.evaluate((hash) => (window as any).parley('identify', { user_id: 'u-1', hash }), hash)
  await expect(box(page)).toHaveValue('')
})

held('a locale that browsers take no dates in', async ({ page, world }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'languages', { get: () => ['en-US@posix'] }))
  await open(page, `${world.site.url}/plain`)
  await say(page, 'Hello')
  await expect(count(page, whole)).toHaveCount(1)
})

held('pictures of the own site are shown, others are links', async ({ page, world }) => {
  world.model.ending = `![The lamp](${world.site.url}/lamp.svg)\n\n![Elsewhere](http://127.0.0.1:9/lamp.svg)`
  await open(page, `${world.site.url}/plain`)
  await say(page, 'Show me')
  const picture = log(page).getByRole('img', { name: 'The lamp' })
  await expect(picture).toBeInViewport({ ratio: 0.9 })
  const widths = () => picture.evaluate((e: HTMLImageElement) => [e.naturalWidth, e.width < 400])
  await expect.poll(widths).toEqual([800, true]) // the answer is drawn anew when it is whole
  await expect(log(page).getByRole('link', { name: 'Elsewhere' })).toBeVisible()
  await page.reload()
  await expect(picture).toBeInViewport()
})
