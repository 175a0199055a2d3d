// What the browser tests share: signing in, writing through the API, and asking axe.
import { expect, type APIRequestContext, type Page } from '@playwright/test'
import axe from 'axe-core'
import { apiKey, owner } from './server.ts'

export async function signIn(page: Page, url: string) {
  await page.goto(`${url}/signin`)
  await page.getByLabel('E-mail').fill(owner.email)
  await page.getByLabel('Password', { exact: true }).fill(owner.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Conversations', level: 1 })).toBeVisible()
}

// posting returns what sends something to the API of a server, and reads the answer.
export function posting(request: APIRequestContext, url: string) {
  return async (path: string, data: object) => {
    const sent = await request.post(`${url}/api/v1${path}`, { data, headers: { Authorization: `Bearer ${apiKey}` } })
    expect(sent.ok(), await sent.text()).toBeTruthy()
    return sent.json()
  }
}

declare global {
  interface Window {
    axe: typeof axe
  }
}

const rulesOf22AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

// expectAccessible fails for what axe calls serious or critical, and for a page
// that is wider than its window.
export async function expectAccessible(page: Page) {
  await expectNothingSerious(page, { type: 'tag', values: rulesOf22AA })
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(overflow, 'the page scrolls sideways').toBeLessThanOrEqual(0)
}

// expectReadable fails where the colours of text and of what is behind it are
// too much alike.
export async function expectReadable(page: Page) {
  await expectNothingSerious(page, { type: 'rule', values: ['color-contrast'] })
}

// expectAccessibleInBoth looks at a page in light, and at its colours in dark
// too: all else is the same there.
export async function expectAccessibleInBoth(page: Page) {
  await expectAccessible(page)
  const hasScheme = (await page.locator(':root[data-mantine-color-scheme]').count()) > 0
  await page.emulateMedia({ colorScheme: 'dark' })
  if (hasScheme) await expect(page.locator(':root')).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await page.waitForTimeout(300) // transitions of colours
  await expectReadable(page)
  await page.emulateMedia({ colorScheme: 'light' })
}

// expectNothingSerious asks axe again for a while: what is still fading in has
// too little contrast until it is there. It counts its looks instead of
// bounding their time: a look at a long page takes seconds of a busy machine.
async function expectNothingSerious(page: Page, runOnly: axe.RunOnly) {
  let serious = await lookOnce(page, runOnly)
  for (const wait of [400, 800, 1600]) {
    if (serious.length === 0) return
    await page.waitForTimeout(wait)
    serious = await lookOnce(page, runOnly)
  }
  expect(serious).toEqual([])
}

// lookOnce runs axe in the page and the frames in it. Its own driver opens
// another page for each run, which takes seconds.
async function lookOnce(page: Page, runOnly: axe.RunOnly): Promise<string[]> {
  for (const frame of page.frames()) {
    await frame.evaluate(axe.source)
    await frame.evaluate(() => window.axe.configure({ allowedOrigins: ['<unsafe_all_origins>'] }))
  }
  const { violations } = await page.evaluate((runOnly) => window.axe.run({ runOnly, resultTypes: ['violations'] }), runOnly)
  return violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`)
}
