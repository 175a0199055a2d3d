// WhatsApp without Meta: the simulator's phone writes, the assistant answers,
// the window closes, and a template goes out and comes back with its ticks.
import { expect } from '@playwright/test'
import { expectAccessible, signIn } from './session.ts'
import { test } from './server.ts'

test('a chat on WhatsApp, from the phone to the desk', async ({ page, demo }) => {
  test.setTimeout(300_000)
  await signIn(page, demo.url)

  await test.step('somebody writes and is answered on the phone', async () => {
    await page.getByRole('link', { name: 'Simulator' }).click()
    const phone = page.getByRole('region', { name: /Phone of Sheena/ })
    await phone.getByLabel('Message', { exact: true }).fill('How long does delivery take?')
    await phone.getByRole('button', { name: 'Send', exact: true }).click()
    await expect(phone.getByText(/working day/).first()).toBeVisible()
    await phone.getByRole('button', { name: 'Send a place' }).click()
    await phone.getByRole('link', { name: 'Open in conversations' }).click()
  })

  await test.step('the conversation is in the list, with its window and what was sent', async () => {
    const row = page.locator('[data-row]').filter({ hasText: 'WhatsApp' }).first()
    await row.click()
    await expect(page.getByText(/Free replies for/)).toBeVisible()
    await expect(page.getByRole('link', { name: /Main station/ })).toBeVisible()
    await expect(page.getByTitle('Read').first()).toBeVisible()
    await expectAccessible(page)
  })

  await test.step('somebody takes over and answers with a file', async () => {
    await page.getByRole('button', { name: 'Take over' }).click()
    await page.locator('input[type=file]').setInputFiles({ name: 'price.txt', mimeType: 'text/plain', buffer: Buffer.from('4.90') })
    await expect(page.getByText('price.txt')).toBeVisible()
    await page.getByLabel('Message', { exact: true }).or(page.getByPlaceholder(/Write to|Message|Reply/)).first().fill('Here is the list.')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('link', { name: /price\.txt/ })).toBeVisible()
  })

  await test.step('a day later only templates may be sent', async () => {
    const moved = await page.request.post(`${demo.url}/api/v1/simulator/age`, { data: { seconds: 86_400 } })
    expect(moved.ok()).toBe(true)
    await expect(page.getByText(/allows only approved templates/)).toBeVisible()
    await expectAccessible(page)
  })

  await test.step('a template is chosen, filled, priced and sent', async () => {
    const senders = await (await page.request.get(`${demo.url}/api/v1/whatsapp/senders`)).json()
    await page.request.post(`${demo.url}/api/v1/whatsapp/senders/${senders.data[0].id}/templates/sync`)
    await page.getByRole('button', { name: 'Send a template' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Template').click()
    await page.getByRole('option', { name: /appointment_reminder/ }).click()
    for (const box of await dialog.getByRole('textbox').all()) {
      if (!(await box.inputValue())) await box.fill('Monday')
    }
    await expect(dialog.getByText(/utility rate/)).toBeVisible()
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Send', exact: true }).click()
    const sent = page.getByRole('article').filter({ hasText: 'Template' }).last()
    await expect(sent.getByTitle('Read')).toBeVisible({ timeout: 60_000 })
  })
})
