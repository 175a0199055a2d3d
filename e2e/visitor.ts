// What the browser tests of the widget share: what a visitor sees and does, and
// a world around it.
import { createHmac } from 'node:crypto'
import { devices, expect, type Page } from '@playwright/test'
import { startModel, type Model } from './model.ts'
import { apiKey, start, test, type Parley } from './server.ts'
import { startSite, type Site } from './site.ts'

const { defaultBrowserType: _, ...pixel } = devices['Pixel 7']
export const looks = [
  { name: 'desktop', use: {} },
  { name: 'phone', use: pixel },
]

export const launcher = (page: Page) => page.locator('parley-widget').getByRole('button', { name: /Open chat/ })
export const panel = (page: Page) => page.locator('parley-widget').getByRole('dialog')
export const log = (page: Page) => panel(page).getByRole('log')
export const box = (page: Page) => panel(page).getByRole('textbox', { name: /Write a message/ })

export async function say(page: Page, text: string) {
  await box(page).fill(text)
  await box(page).press('Enter')
}

// count is how many messages of the transcript hold a text.
export const count = (page: Page, text: string | RegExp) => log(page).locator('.row').filter({ hasText: text })

// World is a server whose assistant asks the model that can be held, with a
// website of another origin.
export interface World {
  parley: Parley
  model: Model
  site: Site
  api(method: string, path: string, data?: unknown): Promise<any>
}

export const held = test.extend<{ world: World }>({
  world: async ({ playwright }, use) => {
    const [parley, model, request] = await Promise.all([start(), startModel(), playwright.request.newContext()])
    const api = async (method: string, path: string, data?: unknown) => {
      const res = await request.fetch(`${parley.url}/api/v1${path}`, {
        method, data, headers: { Authorization: `Bearer ${apiKey}` },
      })
      expect(res.ok(), `${method} ${path}: ${res.status()} ${await res.text()}`).toBeTruthy()
      return res.status() === 204 ? null : res.json()
    }
    const provider = await api('POST', '/providers', {
      name: 'Held', kind: 'openai', base_url: model.url, api_key: 'none', models: ['held'],
    })
    const assistant = await api('POST', '/assistants', {
      name: 'Mira', prompt: 'Answer.', status: 'active', speaks_first: false, inactivity_minutes: 30,
      reply_delay_seconds: 0, after_end: 'new', model: { provider_id: provider.id, model: 'held' },
      variables: [{ name: 'name', type: 'text', source: 'pre_chat' }, { name: 'plan', type: 'text', source: 'pre_chat' }],
    })
    const widget = await api('POST', '/widgets', { name: 'Site', assistant_id: assistant.id })
    const site = await startSite(parley.url, widget.id)
    await use({ parley, model, site, api })
    await Promise.all([site.stop(), model.stop(), request.dispose()])
    await parley.stop()
  },
})

// change saves other settings of the world's widget, and returns its id.
export async function change({ api }: World, settings: (was: any) => object) {
  const [w] = (await api('GET', '/widgets')).data
  await api('PUT', `/widgets/${w.id}`, { name: w.name, assistant_id: w.assistant.id, settings: { ...w.settings, ...settings(w.settings) } })
  return w.id as string
}

// verify has the world's widget ask for proof, and returns how a server makes it.
export async function verify(world: World, identity: 'optional' | 'required') {
  const id = await change(world, () => ({ identity }))
  const { secret } = await world.api('POST', `/widgets/${id}/secret`)
  return (user: string) => createHmac('sha256', secret).update(user).digest('hex')
}

export const half = /roasted on Tuesday/
export const whole = /roasted on Tuesday, and they leave the house on Wednesday\./

export async function open(page: Page, url: string) {
  await page.goto(url)
  await launcher(page).click()
  await expect(box(page)).toBeVisible()
}
