// The widget and the website that carries it.
/// <reference path="../ui/widget/parley.d.ts" />
import { createHmac } from 'node:crypto'
import { expect } from '@playwright/test'
import { box, count, held, launcher, open, panel, say, whole } from './visitor.ts'

held('closed it asks for one file', async ({ page, world }) => {
  const asked: string[] = []
  page.on('request', (r) => asked.push(r.url().split('?')[0]!))
  await page.goto(`${world.site.url}/plain`)
  await expect(launcher(page)).toBeVisible()
  await page.waitForTimeout(1500) // what came late would be seen
  expect(asked.filter((url) => !url.endsWith('/favicon.ico'))).toEqual([`${world.site.url}/plain`, `${world.parley.url}/widget.js`])
})

held('in a single-page application', async ({ page, world }) => {
  const { site, api } = world
  await open(page, `${site.url}/app`)
  await say(page, 'First')
  await expect(count(page, whole)).toHaveCount(1)
  await page.getByRole('button', { name: 'Checkout' }).click()
  await expect(page.locator('parley-widget')).toHaveCount(0)
  const [conversation] = (await api('GET', '/conversations')).data
  await api('POST', `/conversations/${conversation.id}/takeover`)
  await api('POST', `/conversations/${conversation.id}/messages`, { content: 'Written meanwhile.', role: 'operator' })
  await page.getByRole('button', { name: 'Help' }).click()
  await expect(page.locator('parley-widget')).toHaveCount(1)
  await expect(count(page, 'Written meanwhile.')).toHaveCount(1)
  await expect(count(page, 'First')).toHaveCount(1)
})

held('a person who is signed in', async ({ page, world }) => {
  const { site, api } = world
  await open(page, `${site.url}/plain`)
  await say(page, 'A stranger')
  await expect(count(page, whole)).toHaveCount(1)
  // Nobody is signed in: the stranger's conversation stays.
  await page.evaluate(() => window.parley('identify', null))
  await page.reload()
  await page.evaluate(() => window.parley('identify', null))
  await expect(count(page, 'A stranger')).toHaveCount(1)

  const [widget] = (await api('GET', '/widgets')).data
  const { secret } = await api('POST', `/widgets/${widget.id}/secret`)
  const { name, assistant, settings } = widget
  await api('PUT', `/widgets/${widget.id}`, { name, assistant_id: assistant.id, settings: { ...settings, identity: 'optional' } })
  const hash = createHmac('sha256', secret).update('u-1').digest('hex')
  const kept = () => page.evaluate(() => JSON.parse(localStorage.getItem(Object.keys(localStorage)[0]!)!).verified)
  await page.evaluate((hash) => window.parley('identify', { user_id: 'u-1', hash, name: 'Ada' }), hash)
  await expect.poll(kept).toBe(true)
  await say(page, 'From Ada')
  await expect(count(page, whole)).toHaveCount(2) // what the stranger said is hers

  // Signed out before the chat was opened on this page: hers is not shown any more.
  await panel(page).getByRole('button', { name: 'Close chat' }).click()
  await page.reload()
  await page.evaluate(() => window.parley('identify', null))
  await launcher(page).click()
  await expect(box(page)).toBeVisible()
  await say(page, 'Somebody else')
  await expect(count(page, whole)).toHaveCount(1)
  await expect(count(page, 'From Ada')).toHaveCount(0)
})
