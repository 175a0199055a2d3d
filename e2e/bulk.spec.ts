// Something is done to many conversations at once, and undone.
import { expect } from '@playwright/test'
import { apiKey, test } from './server.ts'
import { expectAccessible, posting, signIn } from './session.ts'

test('conversations are chosen, marked and tagged together, and it is undone', async ({ page, request, fresh: parley }) => {
  const headers = { Authorization: `Bearer ${apiKey}` }
  const api = posting(request, parley.url)
  const count = async (query: string) =>
    (await (await request.get(`${parley.url}/api/v1/conversations?limit=100&${query}`, { headers })).json()).data.length
  const assistant = await api('/assistants', {
    name: 'Mira', prompt: 'Answer.', status: 'active', speaks_first: false, inactivity_minutes: 30, reply_delay_seconds: 0,
    model: { provider_id: 'builtin', model: 'builtin-1' },
  })
  for (let i = 0; i < 12; i++) {
    const c = await api('/conversations', { assistant_id: assistant.id, source: 'api', external_id: `c${i}`, contact_name: `Person ${i}` })
    await api(`/conversations/${c.id}/messages?wait=20`, { content: i % 2 ? 'Where is my parcel?' : 'Do you open on Sunday?' })
  }
  const tag = await api('/tags', { name: 'Refund', color: '#112233' })

  await signIn(page, parley.url)
  await page.getByRole('button', { name: 'Select' }).click()
  const bar = page.getByRole('toolbar', { name: 'What to do with the chosen conversations' })
  await expect(bar).toContainText('Choose conversations below.')
  await page.getByRole('checkbox', { name: 'Choose Person 11' }).check()
  await page.getByRole('checkbox', { name: 'Choose Person 8' }).click({ modifiers: ['Shift'] })
  await expect(bar).toContainText('4 chosen')
  await expectAccessible(page)
  await bar.getByRole('button', { name: 'Reviewed' }).click()
  const told = page.getByRole('alert')
  await expect(told.filter({ hasText: '4 conversations marked as reviewed.' })).toBeVisible()
  expect(await count('reviewed=true')).toBe(4)
  await expect(bar).toBeHidden()
  await told.getByRole('button', { name: 'Undo' }).click()
  await expect(told.filter({ hasText: '4 conversations not reviewed any more.' })).toBeVisible()
  expect(await count('reviewed=true')).toBe(0)

  await page.goto(`${parley.url}/conversations?q=parcel`)
  await page.getByRole('button', { name: 'Select' }).click()
  await bar.getByRole('button', { name: 'Choose all that the filter shows' }).click()
  await bar.getByRole('button', { name: 'Tag', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Refund' }).first().click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('every conversation that the filter shows')
  await dialog.getByRole('button', { name: 'Put the tag on' }).click()
  await expect(told.filter({ hasText: 'The tag is on 6 conversations more.' })).toBeVisible()
  expect(await count(`tag=${tag.id}`)).toBe(6)

  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`${parley.url}/conversations`)
  await page.getByRole('button', { name: 'Select' }).click()
  await page.getByRole('checkbox', { name: 'Choose Person 11' }).check()
  await expectAccessible(page)
  await bar.getByRole('button', { name: 'More for the chosen' }).click()
  await page.getByRole('menuitem', { name: 'End', exact: true }).click()
  await dialog.getByRole('button', { name: 'End', exact: true }).click()
  await expect(told.filter({ hasText: '1 conversation ended.' })).toBeVisible()
  expect(await count('status=ended')).toBe(1)
})
