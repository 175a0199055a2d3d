// Money: a model without a price, its price, a budget that warns and ends, and
// what goes on when it is raised.
import { expect, type Page } from '@playwright/test'
import { startModel } from './model.ts'
import { test } from './server.ts'
import { expectAccessible, expectAccessibleInBoth, posting, signIn } from './session.ts'

// expectAccessibleOnAll looks at a page in both schemes, wide and on a phone.
async function expectAccessibleOnAll(page: Page) {
  await expectAccessibleInBoth(page)
  await page.setViewportSize({ width: 390, height: 844 })
  await expectAccessible(page)
  await page.setViewportSize({ width: 1440, height: 900 })
}

test('a budget warns, ends, and goes on when it is raised', async ({ page, request, fresh: parley }) => {
  // With the price that is set below, a call costs 1.1 credits.
  const usage = { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 }
  const model = await startModel(0, usage)
  const api = posting(request, parley.url)
  const provider = await api('/providers', { name: 'House model', kind: 'openai', base_url: model.url, api_key: 'sk-e2e' })
  const assistant = await api('/assistants', {
    name: 'Mira', prompt: 'Answer.', status: 'active', speaks_first: false, inactivity_minutes: 30, reply_delay_seconds: 0,
    after_end: 'new', model: { provider_id: provider.id, model: 'house-1' }, budget_text: 'A colleague will write to you.',
  })
  const conversation = await api('/conversations', { assistant_id: assistant.id, source: 'api' })
  const ask = async (content: string) => {
    const { replies } = await api(`/conversations/${conversation.id}/messages?wait=30`, { content })
    return replies.map((r: { content: string }) => r.content).join()
  }
  const costs = async () => {
    await page.goto(`${parley.url}/analytics/costs`)
    await expect(page.getByRole('heading', { name: 'Dearest conversations' })).toBeVisible()
  }
  expect(await ask('When?')).toContain('Answer 1')

  await signIn(page, parley.url)
  // The numbers follow the log within seconds.
  await expect(async () => {
    await costs()
    await expect(page.getByRole('heading', { name: 'Without a price' })).toBeVisible({ timeout: 3000 })
  }).toPass()
  await expect(page.getByRole('cell', { name: '1,000 in, 100 out' })).toBeVisible()
  await expectAccessibleOnAll(page)
  await page.getByRole('link', { name: 'Add a price for house-1' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByLabel('Model')).toHaveValue('house-1')
  await dialog.getByRole('textbox', { name: 'Input', exact: true }).fill('10')
  await dialog.getByRole('textbox', { name: 'Output', exact: true }).fill('10')
  await dialog.getByRole('textbox', { name: 'Source' }).fill('The landlord')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toBeHidden()

  await costs()
  await page.getByRole('button', { name: 'Set a budget' }).click()
  await page.getByLabel('Credits a month').fill('0')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('A number above 0 with at most six decimals.')).toBeVisible()
  await expectAccessible(page)
  await page.getByLabel('Credits a month').fill('1.3')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('within budget')).toBeVisible()

  await page.waitForTimeout(1100) // prices are remembered for a second
  expect(await ask('And when again?')).toContain('Answer 2')
  await costs()
  await expect(page.getByText('over 80%', { exact: true })).toBeVisible()
  await expect(page.getByText(/The workspace has spent 80 % of its budget of 1.3 credits/)).toBeVisible()
  expect(await ask('Once more?')).toContain('Answer 3') // it began within the budget
  expect(await ask('Hello?')).toBe('A colleague will write to you.')
  expect(model.asked).toBe(3)
  await costs()
  await expect(page.getByText('spent', { exact: true })).toBeVisible()
  await expect(page.getByText('2.2 cr of 1.3 cr · 169%')).toBeVisible()
  await expectAccessibleOnAll(page)

  // The conversation waits, and says why.
  await page.getByRole('region', { name: 'Dearest conversations' }).getByRole('link').last().click()
  await expect(page.getByText(/has spent its budget for .* It goes on when the budget is raised/).first()).toBeVisible()
  await expect(page.getByText('A colleague will write to you.').first()).toBeVisible()

  await costs()
  await page.getByRole('button', { name: 'Change the budget: Whole workspace' }).click()
  await page.getByLabel('Credits a month').fill('50')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('within budget')).toBeVisible()
  await expect(page.getByText(/has spent/)).toHaveCount(0)
  expect(await ask('Still there?')).toContain('Answer 4')
  // Every number leads to its conversations.
  const models = page.getByRole('region', { name: 'By model' }).first()
  await models.getByText('Table', { exact: true }).click()
  await models.getByRole('link', { name: 'house-1', exact: true }).click()
  await expect(page).toHaveURL(/\/conversations\?.*model=house-1/)
  await expect(page.getByRole('button', { name: /Model: house-1/ })).toBeVisible()
  await model.stop()
})
