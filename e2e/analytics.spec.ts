// Reads the numbers of the demo and walks from them to the conversations behind.
import { readFile } from 'node:fs/promises'
import { expect, type Locator, type Page } from '@playwright/test'
import { expectAccessible, signIn } from './session.ts'
import { test } from './server.ts'

const card = (page: Page, title: string) => page.locator('section').filter({ has: page.getByRole('heading', { name: title, level: 2 }) })
const tile = (page: Page, label: string) => page.locator('dl > div').filter({ has: page.locator('dt', { hasText: new RegExp(`^${label}$`) }) })

// openAnalytics waits until everything has been counted.
async function openAnalytics(page: Page, url: string, query = '?range=all') {
  await page.goto(`${url}/analytics${query}`)
  await settle(page)
}

async function settle(page: Page) {
  await expect(page.getByRole('heading', { name: 'Analytics', level: 1 })).toBeVisible()
  await expect(tile(page, 'Conversations')).toBeVisible()
  await expect(page.locator('main [aria-busy=true]')).toHaveCount(0)
  await expect(page.getByRole('progressbar')).toHaveCount(0)
}

// numberOf reads the number at the end of what a mark, or at the beginning of
// what a link, says.
const numberOf = (said: string) => Number(/^\d+|\d+(?: · [\d.]+%)?$/.exec(said)![0].replace(/ .*/, ''))

// fewest picks the mark of a chart that has the fewest conversations.
async function fewest(chart: Locator): Promise<Locator> {
  await expect(chart.locator('a[data-mark]').first()).toBeVisible()
  const marks = await chart.locator('a[data-mark]').all()
  const numbers = await Promise.all(marks.map(async (mark) => numberOf((await mark.getAttribute('aria-label'))!)))
  return marks[numbers.indexOf(Math.min(...numbers))]
}

const shownAtOnce = 6

// expectRows fails unless the list is of so many conversations and no more. It
// holds as many rows as fit; how many there are beyond them is counted.
async function expectRows(page: Page, rows: number) {
  await expect(page).toHaveURL(/\/conversations\?/)
  await expect(page.locator('main [aria-busy=true]')).toHaveCount(0)
  if (rows <= shownAtOnce) await expect(page.locator('[data-row]')).toHaveCount(rows)
  else await expect(page.locator('[data-row]').nth(shownAtOnce)).toBeAttached()
  const { origin, searchParams: filters } = new URL(page.url())
  filters.delete('sort')
  const counted = await page.request.get(`${origin}/api/v1/conversations/count?${filters}`)
  expect(await counted.json()).toEqual({ count: rows, more: false })
}

test('from a number to its conversations', async ({ page, demo }) => {
  const errors: string[] = []
  page.on('pageerror', (e) => errors.push(e.message))
  await signIn(page, demo.url)
  await page.keyboard.press('g')
  await page.keyboard.press('n')
  await settle(page)
  await expect(page.getByText('Days are those of the workspace’s time zone, Europe/Brussels.')).toBeVisible()

  const opens = async (what: Locator, said: string | null) => {
    const rows = numberOf(said!)
    await what.press('Enter')
    await expectRows(page, rows)
    await page.goBack()
    await settle(page)
  }
  await test.step('a tile', async () => {
    const link = tile(page, 'Resolution rate').getByRole('link', { name: /not evaluated/ })
    await opens(link, await link.textContent())
  })
  for (const title of ['Over time', 'Where they come from', 'How long contacts waited for the first reply', 'Peak times']) {
    await test.step(title, async () => {
      const mark = await fewest(card(page, title))
      await opens(mark, await mark.getAttribute('aria-label'))
    })
  }
  await test.step('a comparison', async () => {
    const compare = card(page, 'Which does better')
    await compare.getByText('Sources', { exact: true }).click()
    await expect(compare.getByRole('rowheader').filter({ hasText: 'compared with' })).toHaveCount(1)
    await expect(compare.getByText('no clear difference').first()).toBeVisible()
    await expect(compare.getByText(/^\d+(\.\d+)?% to \d+(\.\d+)?%$/).first()).toBeVisible()
    const link = compare.getByRole('row').last().getByRole('link').first()
    await opens(link, await link.textContent())
  })
  await test.step('what works', async () => {
    const row = card(page, 'What works').getByRole('row').last()
    const link = row.getByRole('link').first()
    await opens(link, await link.textContent())
  })
  expect(errors).toEqual([])
})

test('a chart by keyboard, as a table and as a picture', async ({ page, demo }) => {
  await signIn(page, demo.url)
  await openAnalytics(page, demo.url)
  const series = card(page, 'Over time')
  await series.getByLabel('By', { exact: true }).click()
  await page.getByRole('option', { name: 'Day' }).click()
  await settle(page)

  const marks = series.locator('[data-mark]')
  const count = await marks.count()
  expect(count).toBeGreaterThan(5)
  await expect(series.locator('[data-mark][tabindex="0"]')).toHaveCount(1)
  await marks.first().focus()
  await page.keyboard.press('ArrowRight')
  await expect(marks.nth(1)).toBeFocused()
  await page.keyboard.press('End')
  await expect(marks.last()).toBeFocused()
  const said = (await marks.last().getAttribute('aria-label'))!.replace('Open the conversations: ', '')
  await expect(series.locator('p', { hasText: said })).toBeVisible()

  const [file] = await Promise.all([
    page.waitForEvent('download'),
    series.getByRole('button', { name: 'Download “Over time” as a picture' }).click(),
  ])
  expect(file.suggestedFilename()).toMatch(/^over-time-conversations-.*\d{4}\.png$/) // what it shows, and of when
  const png = await readFile(await file.path())
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  const box = (await series.locator('svg[role=group]').boundingBox())!
  expect(png.readUInt32BE(16)).toBeGreaterThan(2 * box.width)

  await series.getByText('Table', { exact: true }).click()
  await expect(series.getByRole('row')).toHaveCount(count + 1)
  await expect(series.getByRole('row').last()).toContainText(said.split(': ')[0])
})

test('filters and period are in the address', async ({ page, demo }) => {
  await signIn(page, demo.url)
  await openAnalytics(page, demo.url)
  const all = numberOf((await tile(page, 'Conversations').getByRole('link').textContent())!)

  await page.getByRole('button', { name: /^Source/ }).click()
  await page.getByRole('checkbox', { name: 'WhatsApp' }).check()
  await expect(page).toHaveURL(/source=whatsapp/)
  await page.keyboard.press('Escape')
  const shown = tile(page, 'Conversations').getByRole('link')
  await expect(shown).not.toHaveText(String(all))
  const some = numberOf((await shown.textContent())!)
  expect(some).toBeLessThan(all)
  await expect(card(page, 'Where they come from').locator('[data-mark]')).toHaveCount(1)

  await page.getByRole('button', { name: /^Period/ }).click()
  await page.getByRole('radio', { name: 'Today' }).click()
  await expect(page).toHaveURL(/range=today/)
  await page.reload()
  await expect(page).toHaveURL(/source=whatsapp.*range=today|range=today.*source=whatsapp/)
  await openAnalytics(page, demo.url, '?range=all&source=whatsapp')
  await expect(shown).toHaveText(String(some))
  await page.getByRole('button', { name: /Source: WhatsApp/ }).last().click()
  await expect(shown).toHaveText(String(all))
})

for (const { name, viewport, colorScheme } of [
  { name: 'wide, light', viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  { name: 'wide, dark', viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  { name: 'phone, light', viewport: { width: 390, height: 844 }, colorScheme: 'light' },
  { name: 'phone, dark', viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
] as const) {
  test.describe(name, () => {
    test.use({ viewport, colorScheme })

    test('the page, as charts and as tables', async ({ page, demo }, info) => {
      await signIn(page, demo.url)
      await openAnalytics(page, demo.url)
      await page.waitForTimeout(300) // transitions of colours
      await expectAccessible(page)
      await page.screenshot({ path: info.outputPath('charts.png'), fullPage: true })
      for (const table of await page.getByText('Table', { exact: true }).all()) await table.click()
      await page.waitForTimeout(300) // the controls have moved
      await expectAccessible(page)
      await page.screenshot({ path: info.outputPath('tables.png'), fullPage: true })
    })
  })
}
