// The widget and the website that carries it.
/// <reference path="../ui/widget/parley.d.ts" />
import { expect } from '@playwright/test'
import { box, change, count, held, launcher, open, panel, say, verify, whole } from './visitor.ts'

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
  const { site } = world
  await open(page, `${site.url}/plain`)
  await say(page, 'A stranger')
  await expect(count(page, whole)).toHaveCount(1)
  // Nobody is signed in: the stranger's conversation stays.
  await page.evaluate(() => window.parley('identify', null))
  await page.reload()
  await page.evaluate(() => window.parley('identify', null))
  await expect(count(page, 'A stranger')).toHaveCount(1)

  const hash = (await verify(world, 'optional'))('u-1')
  const kept = () => page.evaluate(() => JSON.parse(localStorage.getItem(Object.keys(localStorage)[0]!)!).user)
  await page.evaluate((hash) => window.parley('identify', { user_id: 'u-1', hash, name: 'Ada' }), hash)
  await expect.poll(kept).toBe('u-1')
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

held('another person signs in on the same browser', async ({ page, world }) => {
  const { site } = world
  const hash = await verify(world, 'optional')
  // A site names who is signed in before the script has loaded, on every page.
  await page.addInitScript(() => {
    window.parley ||= ((...call: unknown[]) => (window.parley.q ||= []).push(call)) as unknown as typeof window.parley
    const [user_id = '', hash = ''] = location.search.slice(1).split('.')
    window.parley('identify', { user_id, hash })
  })
  await open(page, `${site.url}/plain?ada.${hash('ada')}`)
  await say(page, 'From Ada')
  await expect(count(page, whole)).toHaveCount(1)
  for (const other of [`bob.${hash('bob')}`, 'eve.00']) {
    await page.goto(`${site.url}/plain?ada.${hash('ada')}`)
    await expect(count(page, 'From Ada')).toHaveCount(1)
    await page.goto(`${site.url}/plain?${other}`)
    await expect(box(page)).toBeVisible()
    await say(page, 'From another')
    await expect(count(page, whole)).toHaveCount(1)
    await expect(count(page, 'From Ada')).toHaveCount(0)
  }
})

held('it opens by itself once, and not for who was there', async ({ page, world }) => {
  const { site } = world
  await change(world, () => ({ auto_open: { enabled: true, after_seconds: 3 } }))
  await open(page, `${site.url}/plain`)
  await panel(page).getByRole('button', { name: 'Close chat' }).click()
  await page.waitForTimeout(4000) // it would have opened by now
  await expect(panel(page)).toBeHidden()
})

held('the button stays until the chat is there', async ({ page, world }) => {
  let bring = () => {}
  const asked = new Promise<void>((resolve) => (bring = resolve))
  await page.route('**/widget/assets/**', async (route) => {
    await asked
    await route.continue()
  })
  await page.goto(`${world.site.url}/plain`)
  await launcher(page).click()
  await expect(launcher(page)).toBeVisible()
  bring()
  await expect(box(page)).toBeVisible()
  await expect(launcher(page)).toBeHidden()
})
