// What goes wrong between a visitor and the server, and must not stop the chat.
import { expect } from '@playwright/test'
import { box, count, held, launcher, open, panel, say, whole, type World } from './visitor.ts'

const change = async ({ api }: World, settings: (was: any) => object) => {
  const [w] = (await api('GET', '/widgets')).data
  await api('PUT', `/widgets/${w.id}`, { name: w.name, assistant_id: w.assistant.id, settings: { ...w.settings, ...settings(w.settings) } })
  return w.id as string
}

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

held('an answer that came while the tab was hidden is read when it is shown', async ({ page, world }) => {
  const hide = (yes: boolean) =>
    page.evaluate((yes) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => yes })
      document.dispatchEvent(new Event('visibilitychange'))
    }, yes)
  await open(page, `${world.site.url}/plain`)
  await hide(true)
  await say(page, 'Hello')
  await expect(count(page, whole)).toHaveCount(1)
  const read = page.waitForRequest('**/read')
  await hide(false)
  await read
})

held('the second language of a visitor goes before that of the widget', async ({ page, world }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'languages', { get: () => ['nl-NL', 'de-DE', 'en'] }))
  await page.goto(`${world.site.url}/plain`)
  await page.locator('parley-widget').getByRole('button').click()
  await expect(panel(page).getByRole('textbox', { name: /Nachricht schreiben/ })).toBeVisible()
})
