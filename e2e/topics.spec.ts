// What people ask in the demo, by topic: a number opens the list of exactly its
// conversations.
import { expect } from '@playwright/test'
import { expectAccessible, signIn } from './session.ts'
import { test } from './server.ts'

for (const look of ['wide', 'phone'] as const) {
  test.describe(look, () => {
    test.use({ viewport: look === 'wide' ? { width: 1440, height: 900 } : { width: 390, height: 844 } })

    test('topics and the conversations behind them', async ({ page, demo }) => {
      await signIn(page, demo.url)
      await page.goto(`${demo.url}/analytics/topics?range=all`)
      const found = page.getByRole('region', { name: 'Found in the questions' })
      await expect(found).toBeVisible({ timeout: 60_000 })
      await expect(page.getByText('As of')).toBeVisible({ timeout: 60_000 })
      await found.getByRole('button', { name: /^Show questions about/ }).first().click()
      await expect(page.getByRole('table', { name: 'Over time' })).toBeVisible()
      await expectAccessible(page)

      const count = found.getByRole('link', { name: /conversations: / }).first()
      const n = Number((await count.textContent())?.replace(/\D/g, ''))
      const asked = page.waitForResponse((r) => r.url().includes('/api/v1/conversations?') && r.url().includes('topic_id='))
      await count.click()
      const listed = await (await asked).json()
      expect(listed.data).toHaveLength(Math.min(n, 50))
      await expect(page.getByRole('button', { name: /Topic/ }).first()).toBeVisible()
    })
  })
}
