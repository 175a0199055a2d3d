// WhatsApp without Meta: the simulator's phone writes, the assistant answers,
// the window closes, and a template goes out and comes back with its ticks.
import { expect, type Page } from '@playwright/test'
import { expectAccessible, expectReadable, signIn } from './session.ts'
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

  await test.step('a message is chosen with the keyboard and quoted', async () => {
    const choose = page.getByRole('button', { name: /^Reply to: How long does delivery take/ })
    await choose.focus()
    await page.keyboard.press('Enter')
    await expect(page.getByText(/^In reply to/)).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByText(/^In reply to/)).toBeHidden()
    await choose.click()
    await expectAccessible(page)
    await page.keyboard.type('Two days, as it says here.')
    await page.keyboard.press('Enter')
    const sent = page.getByRole('article').filter({ hasText: 'Two days, as it says here.' })
    await expect(sent.getByRole('blockquote')).toHaveText('How long does delivery take?')
    await expect(sent.getByTitle('Read')).toBeVisible({ timeout: 60_000 })
    const phone = await phoneOfSheena(page, demo.url)
    const quoting = phone.find((m) => m.text === 'Two days, as it says here.')
    expect(phone.find((m) => m.id === quoting?.reply_to)?.text).toBe('How long does delivery take?')
  })

  await test.step('a day later only templates may be sent', async () => {
    const moved = await page.request.post(`${demo.url}/api/v1/simulator/age`, { data: { seconds: 86_400 } })
    expect(moved.ok()).toBe(true)
    await expect(page.getByText(/allows only approved templates/)).toBeVisible()
    await expectAccessible(page)
    const late = await page.request.post(`${page.url().replace('/conversations', '/api/v1/conversations').split(/[?#]/)[0]}/messages`, {
      data: { role: 'operator', content: 'Too late.' },
    })
    expect([late.status(), (await late.json()).code]).toEqual([409, 'window_closed'])
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
    await expect(dialog.getByText(/charges 0\.01 USD for this message: its utility rate/)).toBeVisible()
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Send', exact: true }).click()
    const sent = page.getByRole('article').filter({ hasText: 'Template' }).last()
    await expect(sent.getByTitle('Read')).toBeVisible({ timeout: 60_000 })
  })

  const conversation = page.url()
  await test.step('a template is written, and what is wrong is said at its field', async () => {
    const senders = await (await page.request.get(`${demo.url}/api/v1/whatsapp/senders`)).json()
    await page.goto(`${demo.url}/whatsapp/${senders.data[0].id}/templates`)
    await page.getByRole('button', { name: 'New template' }).click()
    const editor = page.getByRole('dialog', { name: 'New template' })
    await editor.getByLabel('Name', { exact: true }).fill('Order Ready')
    await editor.getByText('Image', { exact: true }).click()
    await editor.locator('input[type=file]').setInputFiles({ name: 'beans.png', mimeType: 'image/png', buffer: picture })
    await expect(editor.getByRole('img', { name: 'beans.png' })).toBeVisible()
    await editor.getByRole('textbox', { name: 'Text', exact: true }).fill('Hello {{first_name}}, your beans are ready to be fetched.')
    await editor.getByRole('button', { name: 'Add a button' }).click()
    await page.getByRole('menuitem', { name: 'Open an address' }).click()
    await editor.getByLabel('Text of the button').fill('Your order')
    await editor.getByLabel('Address', { exact: true }).fill('https://example.com/orders/{{1}}')
    await editor.getByRole('button', { name: 'Ask Meta to approve it' }).click()
    const name = editor.getByLabel('Name', { exact: true })
    await expect(name).toBeFocused()
    await expect(name).toHaveAccessibleDescription(/small letters/)
    await expect(editor.getByLabel('Sample for {{first_name}}')).toHaveAccessibleDescription(/needs a sample/)
    await expect(editor.getByLabel('Sample for {{1}}')).toHaveAccessibleDescription(/needs a sample/)
    await expectAccessible(page)
    await name.fill('order_ready')
    await editor.getByLabel('Sample for {{first_name}}').fill('Ada')
    await editor.getByLabel('Sample for {{1}}').fill('A-17')
    await expect(editor.getByRole('figure', { name: 'Preview' })).toContainText('Hello Ada, your beans are ready')
    await editor.getByRole('button', { name: 'Ask Meta to approve it' }).click()
    await expect(editor).toBeHidden()
    const row = page.getByRole('row').filter({ hasText: 'order_ready' })
    await expect(async () => {
      await page.getByRole('button', { name: 'Read from Meta' }).click()
      await expect(row).toContainText('Approved', { timeout: 2000 })
    }).toPass()
  })

  await test.step('it is sent with its picture, its name and its address, and arrives so', async () => {
    await page.goto(conversation)
    await page.getByRole('button', { name: 'Send a template' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Template').click()
    await page.getByRole('option', { name: /order_ready/ }).click()
    await dialog.locator('input[type=file]').setInputFiles({ name: 'beans.png', mimeType: 'image/png', buffer: picture })
    await dialog.getByLabel('Text {{first_name}}').fill('Sheena')
    await dialog.getByLabel('End of the address of “Your order”').fill('B 18')
    await expect(dialog.getByLabel('End of the address of “Your order”')).toHaveAccessibleDescription(/no spaces/)
    await dialog.getByLabel('End of the address of “Your order”').fill('B-18')
    await expect(dialog.getByRole('figure', { name: 'Preview' })).toContainText('Hello Sheena, your beans are ready')
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Send', exact: true }).click()
    const sent = page.getByRole('article').filter({ hasText: 'Hello Sheena, your beans are ready' })
    await expect(sent.getByTitle('Read')).toBeVisible({ timeout: 60_000 })
    const arrived = (await phoneOfSheena(page, demo.url)).find((m) => m.template === 'order_ready')
    expect(arrived?.file?.mime_type).toBe('image/png')
    expect(arrived?.buttons?.[0]).toMatchObject({ kind: 'url', value: 'https://example.com/orders/B-18' })
  })

  await test.step('a one-time code has words of Meta, is sent once, and is copied on the phone', async () => {
    const senders = await (await page.request.get(`${demo.url}/api/v1/whatsapp/senders`)).json()
    await page.goto(`${demo.url}/whatsapp/${senders.data[0].id}/templates`)
    await page.getByRole('button', { name: 'New template' }).click()
    const editor = page.getByRole('dialog', { name: 'New template' })
    await editor.getByLabel('Name', { exact: true }).fill('our_code')
    await editor.getByLabel('Category').click()
    await page.getByRole('option', { name: 'Authentication' }).click()
    await expect(editor.getByRole('textbox', { name: 'Text', exact: true })).toBeHidden()
    const minutes = editor.getByLabel('Expires after minutes')
    await minutes.fill('91')
    await editor.getByRole('button', { name: 'Ask Meta to approve it' }).click()
    await expect(minutes).toBeFocused()
    await expect(minutes).toHaveAccessibleDescription(/1 to 90 minutes/)
    await expectAccessible(page)
    await minutes.fill('5')
    await expect(editor.getByRole('figure', { name: 'Preview' })).toContainText('This code expires in 5 minutes.')
    await editor.getByRole('button', { name: 'Ask Meta to approve it' }).click()
    await expect(editor).toBeHidden()
    const row = page.getByRole('row').filter({ hasText: 'our_code' })
    await expect(async () => {
      await page.getByRole('button', { name: 'Read from Meta' }).click()
      await expect(row).toContainText('Approved', { timeout: 2000 })
    }).toPass()
    await page.goto(conversation)
    await page.getByRole('button', { name: 'Send a template' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Template').click()
    await page.getByRole('option', { name: /our_code/ }).click()
    const code = dialog.getByLabel('One-time code')
    await code.fill('47 11')
    await expect(code).toHaveAccessibleDescription(/without spaces/)
    await code.fill('4711')
    await expect(dialog.getByText(/authentication rate/)).toBeVisible()
    await dialog.getByRole('button', { name: 'Send', exact: true }).click()
    await expect(page.getByRole('article').filter({ hasText: '4711' }).getByTitle('Read')).toBeVisible({ timeout: 60_000 })
    const arrived = (await phoneOfSheena(page, demo.url)).find((m) => m.template === 'our_code')
    expect(arrived?.buttons?.[0]).toMatchObject({ kind: 'copy_code', value: '4711' })
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: demo.url })
    await page.goto(`${demo.url}/simulator`)
    await page.getByRole('region', { name: /Phone of Sheena/ }).getByRole('button', { name: 'Copy code' }).click()
    await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('4711')
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect(page.locator(':root')).toHaveAttribute('data-mantine-color-scheme', 'dark')
    await page.waitForTimeout(300) // transitions of colours
    await expectReadable(page)
    await page.emulateMedia({ colorScheme: 'light' })
  })
})

// picture is a PNG of one pixel.
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

interface Shown {
  id: string
  text: string
  reply_to?: string
  template?: string
  file?: { mime_type: string }
  buttons?: { kind: string; value: string }[]
}

// phoneOfSheena is what her phone shows of the chat with the shop's number.
async function phoneOfSheena(page: Page, url: string): Promise<Shown[]> {
  const sender = (await (await page.request.get(`${url}/api/v1/whatsapp/senders`)).json()).data[0]
  const answer = await page.request.get(`${url}/api/v1/simulator/phones/sheena/chat?number_id=${sender.phone_number_id}`)
  return (await answer.json()).messages
}
